// SPDX-License-Identifier: Apache-2.0
// A partition of records as a CSV file says it: clusters.csv of a run, or another tool's.
#ifndef LIBMPI_TOOLS_NAYOSE_CLUSTERING_FILE_H_
#define LIBMPI_TOOLS_NAYOSE_CLUSTERING_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace nayose {

// A file of record_id, cluster_id and, where ids are not unique, source; of a link run also list.
struct ClusteringFile {
  struct Row {
    std::string source, id;
    uint32_t cluster = 0;  // numbered in order of arrival
    uint8_t list = 0;      // of a link run: 0 new, 1 reference
  };
  std::string path;
  bool has_source = false, two_lists = false;
  std::vector<Row> rows;
  std::vector<std::string> names;  // cluster ids, by number
  uint32_t clusters() const { return static_cast<uint32_t>(names.size()); }

  // kInvalidArgument naming the row that names no record or no cluster, or a record a second time.
  static absl::StatusOr<ClusteringFile> Read(const std::string& path);
  // Whether one id stands under several sources.
  bool IdsRepeat() const;
};

// The record_id without the number of a part ("x#2" of an overlay in the source is x).
std::string WholeId(const std::string& id);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_CLUSTERING_FILE_H_
