// SPDX-License-Identifier: Apache-2.0
// Records of any schema as columns of distinct values.
#ifndef LIBMPI_TABLE_TABLE_H_
#define LIBMPI_TABLE_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/table/schema.h"
#include "libmpi/table/value.h"

namespace libmpi::table {

using ValueId = uint32_t;  // 0: missing

struct Column {
  std::vector<ValueId> id;      // by record
  std::vector<Value> values;    // by id, each once; [0] is empty
  std::vector<uint32_t> count;  // records by id
  uint64_t unreadable = 0;      // cells that the field's kind could not read
};

// Immutable once built. Records are told by index: callers add them in the order of their keys, of
// two lists the new ones first.
class Table {
 public:
  size_t size() const { return size_; }
  const Column& column(size_t field) const { return columns_[field]; }
  size_t fields() const { return columns_.size(); }
  // Of two lists, where the second begins; size() where there is one.
  size_t second_list() const { return second_list_; }
  // Whether the pair counts: always, or across two lists only.
  bool Pairs(uint32_t a, uint32_t b) const {
    return second_list_ == size_ || (a < second_list_) != (b < second_list_);
  }
  // Hash of all values of a record, and of how many before it in its list say the very same: for samples.
  uint64_t Content(uint32_t record) const { return content_[record]; }
  // The first record of the same list that says the very same; itself where it is the first.
  uint32_t FirstAlike(uint32_t record) const { return first_alike_[record]; }

 private:
  friend class TableBuilder;
  size_t size_ = 0, second_list_ = 0;
  std::vector<Column> columns_;
  std::vector<uint64_t> content_;
  std::vector<uint32_t> first_alike_;
};

class TableBuilder {
 public:
  // Borrows the schema.
  explicit TableBuilder(const Schema* schema);
  // One record: its cells, field by field and column by column as the schema lists them. Gives the
  // first field that could not be read, or -1.
  int Add(const std::vector<std::string_view>& cells);
  // What follows is the second list.
  void BeginSecondList() { second_list_ = table_.size_; }
  Table Build();

 private:
  void FindRepeats();
  ValueId Intern(size_t field, const std::vector<std::string_view>& cells, bool* unreadable);

  const Schema* schema_;
  Table table_;
  size_t second_list_ = SIZE_MAX;
  std::vector<absl::flat_hash_map<std::string, ValueId>> by_raw_, by_value_;  // by field
};

}  // namespace libmpi::table

#endif  // LIBMPI_TABLE_TABLE_H_
