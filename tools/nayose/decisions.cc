// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/decisions.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "tools/nayose/csv_table.h"

namespace nayose {
namespace {

std::optional<uint32_t> Find(const KeyedRecords& records, const libmpi::KeyView& key) {
  size_t low = 0, high = records.size;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (records.key(middle) < key) low = middle + 1;
    else high = middle;
  }
  if (low == records.size || records.key(low) != key) return std::nullopt;
  return static_cast<uint32_t>(low);
}

absl::Status Refuse(const std::string& path, uint64_t line, const std::string& why) {
  return absl::InvalidArgumentError(path + " line " + std::to_string(line) + ": " + why);
}

// The pairs of a file that are decided, with their rows.
struct DecidedRow {
  size_t row;
  libmpi::Decision decision;
};
struct DecidedRows {
  std::vector<DecidedRow> rows;
  std::vector<std::string> warnings;
};

absl::StatusOr<DecidedRows> ReadDecided(const CsvTable& table, const std::string& path, const KeyedRecords& records) {
  DecidedRows out;
  size_t absent = 0;
  for (size_t i = 0; i < table.size(); ++i) {
    const std::string& decision = table.Get(i, "decision");
    if (decision.empty() || decision == "unsure") continue;
    if (decision != "same" && decision != "different")
      return Refuse(path, table.line(i), "the decision is neither same nor different (nor unsure, nor empty: not decided yet)");
    const auto a = FindById(records, table.Get(i, "source_a"), table.Get(i, "record_a"));
    const auto b = FindById(records, table.Get(i, "source_b"), table.Get(i, "record_b"));
    if (!a || !b) {
      ++absent;
      continue;
    }
    if (*a == *b) return Refuse(path, table.line(i), "a record is decided to be or not to be itself");
    out.rows.push_back({i, {*a, *b, decision == "same"}});
  }
  if (absent > 0)
    out.warnings.push_back(path + ": " + std::to_string(absent) +
                           " decisions name records that are not in these files, and were left out");
  return out;
}

const std::vector<std::string> kColumns = {"record_a", "source_a", "record_b", "source_b", "decision"};

}  // namespace

KeyedRecords KeysOf(const libmpi::PatientFiles& files) {
  return {files.size(), [&files](size_t i) { return files.KeyOf(i); },
          [&files](size_t i, libmpi::PatientFiles::Near step) { files.Prefetch(i, step); }};
}

KeyedRecords KeysOf(const std::vector<libmpi::Record>& records) {
  return {records.size(), [&records](size_t i) { return libmpi::KeyView(records[i].key); }};
}

std::optional<uint32_t> FindById(const KeyedRecords& records, const std::string& source,
                                 const std::string& id) {
  if (const auto found = Find(records, {source, id, 0})) return found;
  const size_t mark = id.rfind('#');
  uint16_t part = 0;
  if (mark == std::string::npos ||
      std::from_chars(id.data() + mark + 1, id.data() + id.size(), part).ptr != id.data() + id.size())
    return std::nullopt;
  return Find(records, {source, id.substr(0, mark), part});
}

absl::StatusOr<DecisionFile> ReadDecisions(const std::string& path, const KeyedRecords& records) {
  const auto table = CsvTable::Read(path, kColumns);
  if (!table.ok()) return table.status();
  auto decided = ReadDecided(*table, path, records);
  if (!decided.ok()) return decided.status();
  DecisionFile out;
  out.warnings = std::move(decided->warnings);
  for (const DecidedRow& row : decided->rows) out.decisions.push_back(row.decision);
  return out;
}

absl::StatusOr<LabelFile> ReadLabels(const std::string& path, const KeyedRecords& records) {
  const auto table = CsvTable::Read(path, kColumns);
  if (!table.ok()) return table.status();
  auto decided = ReadDecided(*table, path, records);
  if (!decided.ok()) return decided.status();
  LabelFile out;
  out.warnings = std::move(decided->warnings);
  std::map<std::pair<uint32_t, uint32_t>, libmpi::LabelledPair> last;
  for (const auto& [row, decision] : decided->rows) {
    const std::string& text = table->Get(row, "sampling_weight");
    double weight = 1;
    if (!text.empty() && (std::from_chars(text.data(), text.data() + text.size(), weight).ptr != text.data() + text.size() ||
                          !(weight > 0) || !(weight < 1e12)))
      return Refuse(path, table->line(row), "the sampling_weight is no number above 0");
    const auto [a, b] = std::minmax(decision.a, decision.b);
    last[{a, b}] = {a, b, decision.same, weight};
  }
  for (const auto& [pair, label] : last) out.labels.push_back(label);
  return out;
}

}  // namespace nayose
