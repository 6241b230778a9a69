// SPDX-License-Identifier: Apache-2.0
// Accepted rows by record, and the rows of one id that are several persons.
#ifndef LIBMPI_EXCHANGE_RECORD_GROUPS_H_
#define LIBMPI_EXCHANGE_RECORD_GROUPS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "libmpi/exchange/accepted_rows.h"
#include "libmpi/exchange/file_text.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Beyond so many different names, births and sexes an id is no person's.
inline constexpr size_t kMostPersonsAnId = 100;

// Rows in record order, ordered by key, then content: the order of files and rows never shows.
class RecordGroups {
 public:
  // `texts` is borrowed and must outlive this.
  RecordGroups(std::span<const FileText> texts, std::vector<RowRef> rows, int threads);

  // Records whose rows are several persons become several records, each with its rows together.
  // Indices of the new records, and the rows of ids with too many persons, which leave.
  struct TakenApart {
    std::vector<size_t> records;
    std::vector<RowRef> refused;
  };
  TakenApart TakeApart(int threads);

  size_t size() const { return keys_.size(); }
  const RecordKey& key(size_t record) const { return keys_[record]; }
  std::span<const RowRef> rows(size_t record) const {
    return std::span(rows_).subspan(first_row_[record], first_row_[record + 1] - first_row_[record]);
  }

 private:
  // Rows of one id, by person; empty where they are one person's.
  struct Overlay {
    std::vector<std::vector<size_t>> persons;
    bool too_many = false;  // more different statements than an id can have
  };
  void Sort(int threads);
  bool SameRecord(const RowRef& a, const RowRef& b) const;
  Overlay FindOverlay(std::span<const RowRef> rows) const;
  uint16_t NextPart(size_t record, uint16_t part) const;

  std::span<const FileText> texts_;
  std::vector<RowRef> rows_;
  std::vector<uint32_t> first_row_;  // by record, one more than records
  std::vector<RecordKey> keys_;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_RECORD_GROUPS_H_
