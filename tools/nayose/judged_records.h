// SPDX-License-Identifier: Apache-2.0
// Records of a clustering beside the truth.
#ifndef LIBMPI_TOOLS_NAYOSE_JUDGED_RECORDS_H_
#define LIBMPI_TOOLS_NAYOSE_JUDGED_RECORDS_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/metrics.h"
#include "tools/nayose/clustering_file.h"
#include "tools/nayose/truth_file.h"

namespace nayose {

// What becomes of records that the truth knows and the clustering does not.
enum class MissingRecords { kLeftOut, kAlone };

// Rows of a clustering, in its order, with their persons; after them, with kAlone, those that it does
// not name, each a cluster of its own.
struct JudgedRecords {
  static constexpr uint32_t kNoPerson = UINT32_MAX;
  std::vector<uint32_t> cluster, person;
  std::vector<uint8_t> list;  // empty unless of two lists
  uint64_t without_truth = 0;  // of the clustering: unknown to the truth
  uint64_t missing = 0;        // of the truth: unknown to the clustering

  // kInvalidArgument where records cannot be told apart by id alone, or none is known to both.
  static absl::StatusOr<JudgedRecords> Join(const ClusteringFile& clustering, const TruthFile& truth,
                                            MissingRecords missing);
  size_t size() const { return cluster.size(); }
  bool known(uint32_t i) const { return person[i] != kNoPerson; }
};

// The place in a clustering's rows of the records that links name.
class RecordPlaces {
 public:
  explicit RecordPlaces(const ClusteringFile& clustering);
  // `list`: of two lists, which. Nothing where there is no such record.
  const uint32_t* Find(const std::string& source, const std::string& id, uint8_t list) const;

 private:
  std::unordered_map<std::string, uint32_t> places_[2];
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_JUDGED_RECORDS_H_
