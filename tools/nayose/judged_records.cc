// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/judged_records.h"

namespace nayose {
namespace {

absl::Status NeedsSource(const std::string& path) {
  return absl::InvalidArgumentError(path + ": needs a source column, since record ids repeat over sources");
}

bool IdsRepeat(const TruthFile& truth) {
  std::unordered_map<std::string, const std::string*> source_of;
  for (const TruthFile::Row& row : truth.rows())
    if (*source_of.try_emplace(row.id, &row.source).first->second != row.source) return true;
  return false;
}

}  // namespace

absl::StatusOr<JudgedRecords> JudgedRecords::Join(const ClusteringFile& clustering, const TruthFile& truth,
                                                  MissingRecords missing) {
  // By id alone where one of the two has no source.
  const bool by_source = clustering.has_source && truth.has_source();
  if (!by_source && clustering.has_source && clustering.IdsRepeat()) return NeedsSource(truth.path());
  if (!by_source && truth.has_source() && IdsRepeat(truth)) return NeedsSource(clustering.path);
  std::unordered_map<std::string, size_t> truth_row;
  for (size_t t = 0; t < truth.rows().size(); ++t)
    truth_row.emplace(TableKey(by_source ? truth.rows()[t].source : "", truth.rows()[t].id), t);
  JudgedRecords out;
  std::vector<bool> seen(truth.rows().size());
  uint64_t known = 0;
  for (const ClusteringFile::Row& row : clustering.rows) {
    auto it = truth_row.find(TableKey(by_source ? row.source : "", row.id));
    if (it == truth_row.end()) it = truth_row.find(TableKey(by_source ? row.source : "", WholeId(row.id)));
    out.cluster.push_back(row.cluster);
    if (clustering.two_lists) out.list.push_back(row.list);
    if (it == truth_row.end()) {
      out.person.push_back(kNoPerson);
      ++out.without_truth;
      continue;
    }
    seen[it->second] = true;
    ++known;
    out.person.push_back(truth.rows()[it->second].person);
  }
  if (known == 0)
    return absl::InvalidArgumentError(truth.path() + ": knows none of the records of " + clustering.path +
                                      "; are record_id and source the same?");
  uint32_t next = clustering.clusters();
  for (size_t t = 0; t < seen.size(); ++t) {
    if (seen[t]) continue;
    ++out.missing;
    if (missing == MissingRecords::kLeftOut) continue;
    out.cluster.push_back(next++);
    out.person.push_back(truth.rows()[t].person);
    if (clustering.two_lists) out.list.push_back(0);
  }
  return out;
}

RecordPlaces::RecordPlaces(const ClusteringFile& clustering) {
  for (uint32_t i = 0; i < clustering.rows.size(); ++i) {
    const ClusteringFile::Row& row = clustering.rows[i];
    places_[row.list].emplace(TableKey(row.source, row.id), i);
  }
}

const uint32_t* RecordPlaces::Find(const std::string& source, const std::string& id, uint8_t list) const {
  const auto it = places_[list].find(TableKey(source, id));
  return it == places_[list].end() ? nullptr : &it->second;
}

}  // namespace nayose
