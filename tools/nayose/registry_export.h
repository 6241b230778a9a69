// SPDX-License-Identifier: Apache-2.0
// A registry as lines of JSON: all that people said and decided, but for what a backup keeps besides (history,
// enterprise IDs).
#ifndef LIBMPI_TOOLS_NAYOSE_REGISTRY_EXPORT_H_
#define LIBMPI_TOOLS_NAYOSE_REGISTRY_EXPORT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/linkage/record_reader.h"
#include "libmpi/registry/registry.h"
#include "nlohmann/json.hpp"

namespace nayose {

// How a registry links, as the first line of its export tells it.
nlohmann::ordered_json LinkageJson(const libmpi::FrozenModel& model);

struct ExportCounts {
  uint64_t records = 0, decisions = 0, held = 0;
  uint64_t not_utf8 = 0;  // records with bytes that JSON can't hold, which are lost
};
// Calls write(line) with each line and its end: a header, records in key order, what is held, decisions, authorities,
// and an end that tells how many records there were. kCancelled.
absl::StatusOr<ExportCounts> ExportRegistry(const libmpi::Registry& registry, const libmpi::ProgressCallback& progress,
                                            const std::function<void(std::string_view)>& write);

// An export that was read and found whole. Its records are parsed when they are asked for.
class RegistryExport {
 public:
  // kInvalidArgument names the first line that is wrong, never a value.
  static absl::StatusOr<RegistryExport> Parse(std::string text, const std::string& name, int threads);

  const nlohmann::json& header() const { return header_; }
  // By key, whatever their status.
  size_t size() const { return records_.size(); }
  libmpi::RecordReader reader() const;
  // Each is to be done in this order after all records were put.
  const std::vector<libmpi::AssigningAuthority>& authorities() const { return authorities_; }
  const std::vector<libmpi::StewardDecision>& decisions() const { return decisions_; }
  // First identifiers that others were not merged into: so chains come to be as they were.
  struct Merge {
    libmpi::RecordKey subsumed, surviving;
  };
  const std::vector<Merge>& merges() const { return merges_; }
  const std::vector<libmpi::RecordKey>& retired() const { return retired_; }
  const std::vector<libmpi::Record>& held() const { return held_; }

 private:
  struct Line {
    uint64_t begin = 0, size = 0;
    libmpi::RecordKey key;
  };
  struct Piece;
  absl::Status Take(Piece* piece);
  absl::Status Order();
  absl::Status CheckNames() const;

  std::string text_, name_;
  nlohmann::json header_;
  std::vector<Line> records_;
  std::vector<libmpi::AssigningAuthority> authorities_;
  std::vector<libmpi::StewardDecision> decisions_;
  std::vector<Merge> merges_;
  std::vector<libmpi::RecordKey> retired_;
  std::vector<libmpi::Record> held_;
};

// What a registry says of an authority.
nlohmann::ordered_json AuthorityJson(const libmpi::AssigningAuthority& authority);

// Puts all of an export into a registry, which is empty. `not_held`: revisions that were held and are accepted now,
// since this version does not hold such. Stopped or failed, the registry has a part: kInvalidArgument, kNotFound and
// kFailedPrecondition where what the export says can't be done.
absl::Status ImportRegistry(const RegistryExport& exported, const libmpi::Attribution& by, int threads,
                            const libmpi::ProgressCallback& progress, libmpi::Registry* registry, uint64_t* not_held);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REGISTRY_EXPORT_H_
