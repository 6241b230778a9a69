// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/decisions.h"

#include <charconv>
#include <optional>

#include "libmpi/base/status_macros.h"
#include "tools/nayose/csv_table.h"

namespace nayose {
namespace {

// The record of a key; files keep them by key.
std::optional<uint32_t> Find(const libmpi::PatientFiles& files, const libmpi::RecordKey& key) {
  size_t low = 0, high = files.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (files.key(middle) < key) low = middle + 1;
    else high = middle;
  }
  if (low == files.size() || files.key(low) != key) return std::nullopt;
  return static_cast<uint32_t>(low);
}

// By the id as outputs write it: "12", or "12#2" for the second person of an id.
std::optional<uint32_t> FindById(const libmpi::PatientFiles& files, const std::string& source,
                                 const std::string& id) {
  if (const auto found = Find(files, {source, id, 0})) return found;
  const size_t mark = id.rfind('#');
  uint16_t part = 0;
  if (mark == std::string::npos ||
      std::from_chars(id.data() + mark + 1, id.data() + id.size(), part).ptr != id.data() + id.size())
    return std::nullopt;
  return Find(files, {source, id.substr(0, mark), part});
}

}  // namespace

absl::StatusOr<DecisionFile> ReadDecisions(const std::string& path, const libmpi::PatientFiles& files) {
  auto read = CsvTable::Read(path, {"record_a", "source_a", "record_b", "source_b", "decision"});
  if (!read.ok()) return read.status();
  const CsvTable& table = *read;
  DecisionFile out;
  size_t absent = 0;
  for (size_t i = 0; i < table.size(); ++i) {
    const std::string& decision = table.Get(i, "decision");
    if (decision.empty()) continue;
    const auto refuse = [&](const std::string& why) {
      return absl::InvalidArgumentError(path + " row " + std::to_string(i + 1) + ": " + why);
    };
    if (decision != "same" && decision != "different")
      return refuse("the decision is neither same nor different (nor empty: not decided yet)");
    const auto a = FindById(files, table.Get(i, "source_a"), table.Get(i, "record_a"));
    const auto b = FindById(files, table.Get(i, "source_b"), table.Get(i, "record_b"));
    if (!a || !b) {
      ++absent;
      continue;
    }
    if (*a == *b) return refuse("a record is decided to be or not to be itself");
    out.decisions.push_back({*a, *b, decision == "same"});
  }
  if (absent > 0)
    out.warnings.push_back(path + ": " + std::to_string(absent) +
                           " decisions name records that are not in these files, and were left out");
  return out;
}

}  // namespace nayose
