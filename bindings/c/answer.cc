// SPDX-License-Identifier: Apache-2.0
#include "bindings/c/answer.h"

#include "libmpi/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace libmpi::c {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<libmpi_list, const char*> kListNames[] = {
    {LIBMPI_LIST_MAIN, "main"},         {LIBMPI_LIST_LINKS, "links"},   {LIBMPI_LIST_MOVES, "moves"},
    {LIBMPI_LIST_FINDINGS, "findings"}, {LIBMPI_LIST_REVIEW, "review"}, {LIBMPI_LIST_COUNTS, "counts"}};

constexpr std::pair<libmpi_column, const char*> kColumnNames[] = {
    {LIBMPI_COLUMN_SOURCE, "source"},
    {LIBMPI_COLUMN_RECORD_ID, "record_id"},
    {LIBMPI_COLUMN_PERSON, "person"},
    {LIBMPI_COLUMN_OTHER_SOURCE, "other_source"},
    {LIBMPI_COLUMN_OTHER_RECORD_ID, "other_record_id"},
    {LIBMPI_COLUMN_OTHER_PERSON, "other_person"},
    {LIBMPI_COLUMN_BEFORE, "before"},
    {LIBMPI_COLUMN_AFTER, "after"},
    {LIBMPI_COLUMN_OUTCOME, "outcome"},
    {LIBMPI_COLUMN_GRADE, "grade"},
    {LIBMPI_COLUMN_DECISION, "decision"},
    {LIBMPI_COLUMN_REASON, "reason"},
    {LIBMPI_COLUMN_ASSIGNEE, "assignee"},
    {LIBMPI_COLUMN_KIND, "kind"},
    {LIBMPI_COLUMN_ACTOR, "actor"},
    {LIBMPI_COLUMN_DETAIL, "detail"},
    {LIBMPI_COLUMN_STATUS, "status"},
    {LIBMPI_COLUMN_FIELD, "field"},
    {LIBMPI_COLUMN_CODE, "code"},
    {LIBMPI_COLUMN_COMPARISON, "comparison"},
    {LIBMPI_COLUMN_LEVEL, "level"},
    {LIBMPI_COLUMN_VALUE_A, "value_a"},
    {LIBMPI_COLUMN_VALUE_B, "value_b"},
    {LIBMPI_COLUMN_STEP, "step"},
    {LIBMPI_COLUMN_NAME, "name"},
    {LIBMPI_COLUMN_OID, "oid"},
    {LIBMPI_COLUMN_FACILITY, "facility"},
    {LIBMPI_COLUMN_OWNER, "owner"},
    {LIBMPI_COLUMN_TRUST, "trust"},
    {LIBMPI_COLUMN_TEXT, "text"},
    {LIBMPI_COLUMN_JSON, "json"},
    {LIBMPI_COLUMN_WEIGHT, "weight"},
    {LIBMPI_COLUMN_PROBABILITY, "probability"},
    {LIBMPI_COLUMN_FREQUENCY_WEIGHT, "frequency_weight"},
    {LIBMPI_COLUMN_M, "m"},
    {LIBMPI_COLUMN_U, "u"},
    {LIBMPI_COLUMN_PRIORITY, "priority"},
    {LIBMPI_COLUMN_VALUE, "value"},
    {LIBMPI_COLUMN_PART, "part"},
    {LIBMPI_COLUMN_OTHER_PART, "other_part"},
    {LIBMPI_COLUMN_EVENT, "event"},
    {LIBMPI_COLUMN_REVISION, "revision"},
    {LIBMPI_COLUMN_TIME, "time"},
    {LIBMPI_COLUMN_CANDIDATE, "candidate"},
    {LIBMPI_COLUMN_BEST, "best"},
    {LIBMPI_COLUMN_LINKED, "linked"},
    {LIBMPI_COLUMN_HELD, "held"},
    {LIBMPI_COLUMN_REDIRECTED, "redirected"},
    {LIBMPI_COLUMN_A, "a"},
    {LIBMPI_COLUMN_B, "b"},
    {LIBMPI_COLUMN_CASE, "case"},
};

template <typename Names, typename Number>
const char* NameOf(const Names& names, Number number) {
  for (const auto& [named, name] : names)
    if (named == number) return name;
  return "";
}

Json CellJson(libmpi_column column, const Cell& cell) {
  if (IsInteger(column)) return cell.integer;
  if (!IsText(column)) return cell.number;
  if (cell.text.data() == nullptr) return nullptr;
  // What is JSON already stands as what it is, not as a text with JSON in it.
  if (column == LIBMPI_COLUMN_JSON) return Json::parse(cell.text, nullptr, false);
  return cell.text;
}

std::string AnswerJson(const libmpi_answer& answer) {
  Json whole = Json::object();
  for (const auto& [list, rows] : answer.lists) {
    Json& array = whole[NameOf(kListNames, list)] = Json::array();
    const std::vector<libmpi_column> columns = rows->columns();
    for (size_t row = 0; row < rows->size(); ++row) {
      Json one = Json::object();
      for (const libmpi_column column : columns) {
        Cell cell;
        rows->Read(row, column, &cell);
        one[NameOf(kColumnNames, column)] = CellJson(column, cell);
      }
      array.push_back(std::move(one));
    }
  }
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::Status ReadCell(const libmpi_answer* answer, libmpi_list list, size_t row, libmpi_column column, Cell* cell) {
  LIBMPI_RETURN_IF_ERROR(Need(answer, "answer"));
  const Rows* const rows = answer->Find(list);
  if (rows == nullptr) return absl::NotFoundError("the answer has no such list");
  if (row >= rows->size()) return absl::NotFoundError("the list has fewer rows");
  return rows->Read(row, column, cell) ? absl::OkStatus() : absl::NotFoundError("the list has no such column");
}

absl::Status WrongType(const char* right) {
  return absl::InvalidArgumentError(std::string("the column is read with libmpi_answer_") + right);
}

constexpr Column<Count> kCountColumns[] = {
    {LIBMPI_COLUMN_NAME, [](const Count& c) { return Cell::Word(c.name); }},
    {LIBMPI_COLUMN_VALUE, [](const Count& c) { return Cell::Number(c.value); }}};

}  // namespace
}  // namespace libmpi::c

using libmpi::c::Call;
using libmpi::c::Cell;
using libmpi::c::Clear;
using libmpi::c::NeedOut;

void libmpi_answer::AddCounts(std::vector<libmpi::c::Count> counts) {
  Add(LIBMPI_LIST_COUNTS, std::move(counts), libmpi::c::kCountColumns);
}

const libmpi::c::Rows* libmpi_answer::Find(libmpi_list list) const {
  for (const auto& [name, rows] : lists)
    if (name == list) return rows.get();
  return nullptr;
}

size_t libmpi_answer_size(const libmpi_answer* answer, libmpi_list list) {
  if (answer == nullptr || answer->kind != libmpi_answer::kKind) return 0;
  const libmpi::c::Rows* const rows = answer->Find(list);
  return rows == nullptr ? 0 : rows->size();
}

libmpi_code libmpi_answer_text(const char** text_out, size_t* size_out, const libmpi_answer* answer, libmpi_list list,
                               size_t row, libmpi_column column, libmpi_error** error) {
  Clear(text_out);
  Clear(size_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(NeedOut(text_out, "text_out"));
    Cell cell;
    LIBMPI_RETURN_IF_ERROR(libmpi::c::ReadCell(answer, list, row, column, &cell));
    if (!libmpi::c::IsText(column)) return libmpi::c::WrongType(libmpi::c::IsInteger(column) ? "integer" : "number");
    *text_out = cell.text.data();
    if (size_out != nullptr) *size_out = cell.text.size();
    return absl::OkStatus();
  });
}

libmpi_code libmpi_answer_number(double* number_out, const libmpi_answer* answer, libmpi_list list, size_t row,
                                 libmpi_column column, libmpi_error** error) {
  Clear(number_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(NeedOut(number_out, "number_out"));
    Cell cell;
    LIBMPI_RETURN_IF_ERROR(libmpi::c::ReadCell(answer, list, row, column, &cell));
    if (libmpi::c::IsText(column)) return libmpi::c::WrongType("text");
    *number_out = libmpi::c::IsInteger(column) ? static_cast<double>(cell.integer) : cell.number;
    return absl::OkStatus();
  });
}

libmpi_code libmpi_answer_integer(int64_t* integer_out, const libmpi_answer* answer, libmpi_list list, size_t row,
                                  libmpi_column column, libmpi_error** error) {
  Clear(integer_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(NeedOut(integer_out, "integer_out"));
    Cell cell;
    LIBMPI_RETURN_IF_ERROR(libmpi::c::ReadCell(answer, list, row, column, &cell));
    if (!libmpi::c::IsInteger(column)) return libmpi::c::WrongType(libmpi::c::IsText(column) ? "text" : "number");
    *integer_out = cell.integer;
    return absl::OkStatus();
  });
}

libmpi_code libmpi_answer_json(const char** json_out, size_t* size_out, const libmpi_answer* answer,
                               libmpi_error** error) {
  Clear(json_out);
  Clear(size_out);
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(NeedOut(json_out, "json_out"));
    LIBMPI_RETURN_IF_ERROR(libmpi::c::Need(answer, "answer"));
    std::call_once(answer->json_made, [&] { answer->json = libmpi::c::AnswerJson(*answer); });
    *json_out = answer->json.c_str();
    if (size_out != nullptr) *size_out = answer->json.size();
    return absl::OkStatus();
  });
}

void libmpi_answer_free(libmpi_answer** answer) { libmpi::c::Free(answer); }
