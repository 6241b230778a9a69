// SPDX-License-Identifier: Apache-2.0
// Identifiers, attributions and records behind their handles. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_RECORD_H_
#define LIBMPI_BINDINGS_C_RECORD_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bindings/c/call.h"
#include "libmpi/exchange/column_map.h"
#include "libmpi/linkage/record_reader.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/registry.h"

struct libmpi_identifier {
  LIBMPI_HANDLE_KIND(2);
  libmpi::RecordKey key;
};

struct libmpi_attribution {
  LIBMPI_HANDLE_KIND(3);
  libmpi::Attribution by;
};

struct libmpi_record {
  LIBMPI_HANDLE_KIND(4);

  libmpi::Record record;  // its lists in the order in which they were said
  size_t values = 0;      // that were added

  // Adds a value to the statement of its kind that the row has begun, or begins another where that has this part
  // already.
  void Add(libmpi::Field field, std::string text);
  void NextRow() { row_ = {}; }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  // Which of each list the row has begun.
  struct Row {
    size_t name = kNone, coverage = kNone, care = kNone, address = kNone;
  };
  template <typename Statement>
  static void Say(std::string Statement::*part, std::string text, std::vector<Statement>* list, size_t* begun);

  Row row_;
};

namespace libmpi::c {

// Arrays of records that a caller has, as linkage reads them.
using RecordArray = std::span<const libmpi_record* const>;
// kInvalidArgument: one is NULL.
absl::StatusOr<RecordArray> RecordsIn(const libmpi_record* const* records, size_t count);
// The numbers of the first `new_count` by ascending key, and then of the others.
std::vector<uint32_t> KeyOrder(RecordArray records, size_t new_count);
// Borrows both.
RecordReader ReaderOf(RecordArray records, std::span<const uint32_t> order);

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_RECORD_H_
