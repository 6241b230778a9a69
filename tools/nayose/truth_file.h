// SPDX-License-Identifier: Apache-2.0
// Which records are truly one person, as a CSV file says.
#ifndef LIBMPI_TOOLS_NAYOSE_TRUTH_FILE_H_
#define LIBMPI_TOOLS_NAYOSE_TRUTH_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"

namespace nayose {

// A record's name in tables: its source, empty where a table has none, and its id.
std::string TableKey(const std::string& source, const std::string& id);

// A file of record_id, person_id, of source where ids are not unique, and of weight where persons
// were sampled unevenly. Rows without a person say nothing.
class TruthFile {
 public:
  struct Row {
    std::string source, id;
    uint32_t person = 0;  // numbered in order of arrival
  };
  // kInvalidArgument naming the row where a record is given two persons, or a weight is none.
  static absl::StatusOr<TruthFile> Read(const std::string& path);

  const std::string& path() const { return path_; }
  bool has_source() const { return has_source_; }
  bool has_weights() const { return !weight_of_person_.empty(); }
  const std::vector<Row>& rows() const { return rows_; }
  size_t persons() const { return persons_; }
  double WeightOf(uint32_t person) const { return has_weights() ? weight_of_person_[person] : 1; }

 private:
  std::string path_;
  bool has_source_ = false;
  std::vector<Row> rows_;  // one a record
  std::vector<double> weight_of_person_;
  size_t persons_ = 0;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_TRUTH_FILE_H_
