// SPDX-License-Identifier: Apache-2.0
// Identifiers, attributions and records behind their handles. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_RECORD_H_
#define LIBMPI_BINDINGS_C_RECORD_H_

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <utility>
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

  struct Said {
    uint32_t row;
    libmpi::Field field;
    std::string text;
  };
  // As it came from JSON, or only the key.
  libmpi::Record base;
  // What was added, row by row.
  std::vector<Said> said;
  uint32_t row = 0;

  // All of it, normalized; made when it is asked for, of a record that no other thread adds to.
  const libmpi::Record& Whole() const;
  void Add(libmpi::Field field, std::string text);

 private:
  mutable std::mutex mutex_;
  mutable bool made_ = false;
  mutable libmpi::Record whole_;
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
