// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/truth_file.h"

#include <cmath>
#include <cstdlib>

#include "tools/nayose/csv_table.h"

namespace nayose {
namespace {

absl::Status BadLine(const std::string& path, uint64_t line, const std::string& what) {
  return absl::InvalidArgumentError(path + " line " + std::to_string(line) + ": " + what);
}

// A number above 0, or nothing.
std::optional<double> Weight(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value) || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

std::string TableKey(const std::string& source, const std::string& id) { return source + '\x1f' + id; }

absl::StatusOr<TruthFile> TruthFile::Read(const std::string& path) {
  const auto table = CsvTable::Read(path, {"record_id", "person_id"});
  if (!table.ok()) return table.status();
  TruthFile truth;
  truth.path_ = path;
  truth.has_source_ = table->Has("source");
  const bool weighted = table->Has("weight");
  std::unordered_map<std::string, uint32_t> persons, person_of;
  for (size_t i = 0; i < table->size(); ++i) {
    if (table->Get(i, "person_id").empty()) continue;
    Row row{table->Get(i, "source"), table->Get(i, "record_id"),
            persons.try_emplace(table->Get(i, "person_id"), static_cast<uint32_t>(persons.size())).first->second};
    const auto [it, fresh] = person_of.try_emplace(TableKey(row.source, row.id), row.person);
    if (it->second != row.person)
      return BadLine(path, table->line(i), std::string("gives a record another person than a line before") +
                                                (truth.has_source_ ? "" : "; are ids unique without a source column?"));
    if (weighted) {
      const std::optional<double> weight = Weight(table->Get(i, "weight"));
      if (!weight) return BadLine(path, table->line(i), "weight must be a number above 0");
      truth.weight_of_person_.resize(persons.size(), *weight);
      if (truth.weight_of_person_[row.person] != *weight)
        return BadLine(path, table->line(i), "gives a person another weight than a line before");
    }
    if (fresh) truth.rows_.push_back(std::move(row));
  }
  truth.persons_ = persons.size();
  return truth;
}

}  // namespace nayose
