// SPDX-License-Identifier: Apache-2.0
// All live records of a registry as they were at one moment, for a batch run over them. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_LIVE_RECORDS_H_
#define LIBMPI_REGISTRY_LIVE_RECORDS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/registry/array_files.h"
#include "libmpi/registry/derived_tables.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

// Records in the order of their keys; their statements lie in a file. After Read() and Link() thread-safe to read.
class LiveRecords {
 public:
  absl::Status Read(const View& view, const Registry::Rep& rep);

  size_t size() const { return numbers.size(); }
  RecordKey KeyOf(size_t i) const;
  void ReadRecord(size_t i, RecordView* record) const;
  std::vector<Decision> decisions() const { return decisions_; }

  // What a run by this model makes of them; its arrays go to a subfolder of `folder`.
  absl::Status Link(const FrozenModel& model, const std::string& folder, int threads,
                    const ProgressCallback& progress);
  const LinkResult& linked() const { return linked_; }
  // For DerivedTables; after Link().
  absl::StatusOr<LinkedRecords> ForTables() const;
  // The person of each record by that run: the lowest rank of its cluster.
  std::vector<uint32_t> Persons() const;

  std::vector<uint32_t> numbers, ranks;
  std::vector<bool> decided;

 private:
  absl::Status ReadDecisions(const View& view, const Registry::Rep& rep);

  SpilledPieces statements_;
  std::vector<Decision> decisions_;
  std::unique_ptr<ArrayFiles> arrays_;
  LinkResult linked_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_LIVE_RECORDS_H_
