// SPDX-License-Identifier: Apache-2.0
// Accepted rows by record, and the rows of one id that are several persons.
#ifndef LIBMPI_EXCHANGE_RECORD_GROUPS_H_
#define LIBMPI_EXCHANGE_RECORD_GROUPS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/exchange/accepted_rows.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Beyond so many different names, births and sexes an id is no person's.
inline constexpr size_t kMostPersonsAnId = 100;

// Rows in record order, ordered by key, then content: the order of files and rows never shows. 24 bytes
// a row and 4 a record.
class RecordGroups {
 public:
  RecordGroups(AcceptedRows rows, int threads);

  // Records whose rows are several persons become several records, each with its rows together.
  // Indices of the new records, and the rows of ids with too many persons, which leave.
  struct TakenApart {
    std::vector<size_t> records;
    std::vector<RowRef> refused;
    struct Id {
      std::string source, record_id;
    };
    std::vector<Id> refused_ids;
  };
  TakenApart TakeApart(int threads);

  size_t size() const { return first_row_.size() - 1; }
  KeyView key(size_t record) const;
  std::span<const RowRef> rows(size_t record) const {
    return std::span(rows_.rows).subspan(first_row_[record], first_row_[record + 1] - first_row_[record]);
  }
  void AddRowTo(const RowRef& row, Record* record) const { rows_.AddRowTo(row, record); }
  void AddRowTo(const RowRef& row, RecordView* record) const { rows_.AddRowTo(row, record); }
  void GetValues(const RowRef& row, FieldValues* values) const { rows_.GetValues(row, values); }
  void AppendStated(const RowRef& row, std::string* out) const { rows_.AppendStated(row, out); }
  // Brings the bytes of a record's first row near: records are mostly read in their order, which is not
  // that of the text.
  void Prefetch(size_t record) const;
  // The same of its key, step by step.
  void PrefetchPlace(size_t record) const { __builtin_prefetch(&first_row_[record]); }
  void PrefetchRow(size_t record) const { __builtin_prefetch(&rows_.rows[first_row_[record]]); }
  void PrefetchId(size_t record) const { __builtin_prefetch(rows_.Id(rows_.rows[first_row_[record]]).data()); }

 private:
  // Rows of one id, by person; empty where they are one person's.
  struct Overlay {
    std::vector<std::vector<size_t>> persons;
    bool too_many = false;  // more different statements than an id can have
  };
  Overlay FindOverlay(std::span<const RowRef> rows) const;
  uint16_t NextPart(size_t record, uint16_t part) const;

  AcceptedRows rows_;
  std::vector<uint32_t> first_row_;  // by record, one more than records
  absl::flat_hash_map<uint32_t, uint16_t> parts_;  // of the few records whose part is not 0
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_RECORD_GROUPS_H_
