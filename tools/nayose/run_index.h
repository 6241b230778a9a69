// SPDX-License-Identifier: Apache-2.0
// The index of a run: what `nayose update` goes on from.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_INDEX_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_INDEX_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/linkage/linkage_index.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/index_files.h"

namespace nayose {

// Columns of rows: those of one file, or of several that have the same.
using Layout = std::vector<libmpi::Field>;

// What index.json tells besides the arrays.
struct IndexFacts {
  std::vector<std::string> sources;              // by number
  std::vector<Layout> layouts;                   // by number
  std::vector<libmpi::Decision> decisions;       // that the clusters follow, of records
  std::vector<libmpi::RecordKey> refused;        // ids that are too many persons': none of their rows counts
  std::map<std::string, uint64_t> sizes;         // by file name
};

// Records in key order as arrays; with a number for each source.
struct RecordArrays {
  std::string ids;
  std::vector<uint64_t> id_begin = {0};
  std::vector<uint32_t> sources;
  std::vector<uint16_t> parts;
  std::vector<uint64_t> row_at;  // where its rows stand
};

// The rows of records as they were said, one record after the other.
class RowPacker {
 public:
  // `layouts` grows by those of the files that are not among them.
  RowPacker(const libmpi::PatientFiles* files, std::vector<Layout>* layouts);
  // Appends the rows of a record.
  void Append(size_t record, std::string* out) const;

 private:
  const libmpi::PatientFiles* files_;
  std::vector<uint32_t> layout_of_file_;
};
// Adds the rows that stand at the beginning of `bytes` to the text of their layouts; false where there are none.
bool UnpackRows(std::string_view bytes, std::vector<std::string>* text_by_layout);

// The arrays of records of a run that read `files`, and index.json. The linkage's own arrays are in `index` already.
absl::Status WriteRecordIndex(const std::string& directory, const libmpi::PatientFiles& files,
                              const std::vector<libmpi::Decision>& decisions, int threads, IndexFiles* index);
absl::Status WriteIndexFacts(const std::string& directory, const IndexFacts& facts);

// Mapped. What Open() did not look at may still be damaged in ways that Update() tells.
class RunIndex {
 public:
  // kNotFound: the run has none; kFailedPrecondition: another version's; kDataLoss: files are not as they were written.
  static absl::StatusOr<RunIndex> Open(const std::string& directory);

  const IndexFacts& facts() const { return facts_; }
  const libmpi::IndexView& view() const { return view_; }
  const MappedArray& array(std::string_view name) const { return arrays_.find(name)->second; }

  size_t size() const { return parts_.size(); }
  libmpi::KeyView KeyOf(size_t i) const {
    return {facts_.sources[sources_[i]],
            std::string_view(ids_.data() + id_begin_[i], id_begin_[i + 1] - id_begin_[i]), parts_[i]};
  }
  // The first record whose key is not below; from `from` on, which must not be beyond it.
  size_t LowerBound(const libmpi::KeyView& key, size_t from = 0) const;
  std::string_view RowsOf(size_t i) const { return array("rows").bytes().substr(row_at_[i]); }
  std::span<const char> ids() const { return ids_; }
  std::span<const uint64_t> id_begin() const { return id_begin_; }
  std::span<const uint32_t> sources() const { return sources_; }
  std::span<const uint16_t> parts() const { return parts_; }
  std::span<const uint64_t> row_at() const { return row_at_; }

 private:
  absl::Status CheckRecords() const;

  IndexFacts facts_;
  std::map<std::string, MappedArray, std::less<>> arrays_;
  libmpi::IndexView view_;
  std::span<const char> ids_;
  std::span<const uint64_t> id_begin_, row_at_;
  std::span<const uint32_t> sources_;
  std::span<const uint16_t> parts_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_INDEX_H_
