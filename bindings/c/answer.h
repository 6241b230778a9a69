// SPDX-License-Identifier: Apache-2.0
// Answers: lists of rows of what C++ answered, read cell by cell. Internal to bindings/c.
#ifndef LIBMPI_BINDINGS_C_ANSWER_H_
#define LIBMPI_BINDINGS_C_ANSWER_H_

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/c/call.h"

namespace libmpi::c {

// A column's type goes by its number, as nayose.h groups them.
constexpr bool IsText(libmpi_column column) { return column < LIBMPI_COLUMN_WEIGHT; }
constexpr bool IsInteger(libmpi_column column) { return column >= LIBMPI_COLUMN_PART; }

// One of the three, by the column's type. A text is followed by a NUL, or null.
struct Cell {
  std::string_view text;
  double number = 0;
  int64_t integer = 0;

  static Cell Text(const std::string& text) { return {text, 0, 0}; }
  // Of names that are literals in the library.
  static Cell Word(std::string_view literal) { return {literal, 0, 0}; }
  static Cell Number(double number) { return {{}, number, 0}; }
  static Cell Integer(int64_t integer) { return {{}, 0, integer}; }
  static Cell Integer(uint64_t integer) { return {{}, 0, static_cast<int64_t>(integer)}; }
  static Cell Integer(bool is) { return {{}, 0, is}; }
};

template <typename Row>
struct Column {
  libmpi_column name;
  Cell (*read)(const Row& row);
};

class Rows {
 public:
  virtual ~Rows() = default;
  virtual size_t size() const = 0;
  virtual std::vector<libmpi_column> columns() const = 0;
  // False: no such column. row < size().
  virtual bool Read(size_t row, libmpi_column column, Cell* cell) const = 0;
};

template <typename Row>
class RowsOf : public Rows {
 public:
  // `columns` is a constant of the program.
  RowsOf(std::vector<Row> rows, std::span<const Column<Row>> columns) : rows_(std::move(rows)), columns_(columns) {}
  size_t size() const override { return rows_.size(); }
  std::vector<libmpi_column> columns() const override {
    std::vector<libmpi_column> names;
    for (const Column<Row>& column : columns_) names.push_back(column.name);
    return names;
  }
  bool Read(size_t row, libmpi_column name, Cell* cell) const override {
    for (const Column<Row>& column : columns_)
      if (column.name == name) {
        *cell = column.read(rows_[row]);
        return true;
      }
    return false;
  }

 private:
  const std::vector<Row> rows_;
  const std::span<const Column<Row>> columns_;
};

// A row of COUNTS, of any number; the name is a literal.
struct Count {
  template <typename Number>
  Count(const char* of, Number number) : name(of), value(static_cast<double>(number)) {}
  const char* name;
  double value;
};

}  // namespace libmpi::c

struct libmpi_answer {
  LIBMPI_HANDLE_KIND(1);
  std::vector<std::pair<libmpi_list, std::unique_ptr<const libmpi::c::Rows>>> lists;
  mutable std::once_flag json_made;
  mutable std::string json;

  template <typename Row, size_t kColumns>
  void Add(libmpi_list list, std::vector<Row> rows, const libmpi::c::Column<Row> (&columns)[kColumns]) {
    lists.emplace_back(list, std::make_unique<libmpi::c::RowsOf<Row>>(
                                 std::move(rows), std::span<const libmpi::c::Column<Row>>(columns)));
  }
  void AddCounts(std::vector<libmpi::c::Count> counts);
  const libmpi::c::Rows* Find(libmpi_list list) const;
};

namespace libmpi::c {

// Hands an answer over to where the caller wants it; nowhere, where that is NULL.
inline void Give(std::unique_ptr<libmpi_answer> answer, libmpi_answer** answer_out) {
  if (answer_out != nullptr) *answer_out = answer.release();
}

}  // namespace libmpi::c

#endif  // LIBMPI_BINDINGS_C_ANSWER_H_
