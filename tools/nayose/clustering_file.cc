// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/clustering_file.h"

#include <unordered_map>

#include "tools/nayose/csv_table.h"
#include "tools/nayose/truth_file.h"

namespace nayose {

absl::StatusOr<ClusteringFile> ClusteringFile::Read(const std::string& path) {
  const auto table = CsvTable::Read(path, {"record_id", "cluster_id"});
  if (!table.ok()) return table.status();
  ClusteringFile out;
  out.path = path;
  out.has_source = table->Has("source");
  out.two_lists = table->Has("list");
  std::unordered_map<std::string, uint32_t> cluster_ids;
  std::unordered_map<std::string, size_t> row_of;
  for (size_t i = 0; i < table->size(); ++i) {
    const auto bad = [&](const std::string& what) {
      return absl::InvalidArgumentError(path + " line " + std::to_string(table->line(i)) + ": " + what);
    };
    Row row{table->Get(i, "source"), table->Get(i, "record_id")};
    if (row.id.empty()) return bad("has no record_id");
    const std::string& cluster = table->Get(i, "cluster_id");
    if (cluster.empty()) return bad("has no cluster_id; give a record that is alone a cluster of its own");
    if (out.two_lists) {
      const std::string& list = table->Get(i, "list");
      if (list != "new" && list != "reference") return bad("list must be new or reference");
      row.list = list == "new" ? 0 : 1;
    }
    const auto [first, fresh] = row_of.try_emplace(table->Get(i, "list") + TableKey(row.source, row.id), i);
    if (!fresh)
      return bad("names the record of line " + std::to_string(table->line(first->second)) + " again; a record is in one cluster" +
                 (out.has_source ? "" : " (are ids unique without a source column?)"));
    const auto [named, first_seen] = cluster_ids.try_emplace(cluster, static_cast<uint32_t>(cluster_ids.size()));
    if (first_seen) out.names.push_back(cluster);
    row.cluster = named->second;
    out.rows.push_back(std::move(row));
  }
  return out;
}

bool ClusteringFile::IdsRepeat() const {
  std::unordered_map<std::string, const std::string*> source_of;
  for (const Row& row : rows)
    if (*source_of.try_emplace(row.id, &row.source).first->second != row.source) return true;
  return false;
}

std::string WholeId(const std::string& id) {
  const size_t mark = id.rfind('#');
  return mark != std::string::npos && mark + 1 < id.size() &&
                 id.find_first_not_of("0123456789", mark + 1) == std::string::npos
             ? id.substr(0, mark)
             : id;
}

}  // namespace nayose
