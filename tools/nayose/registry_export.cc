// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/registry_export.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/text/fold.h"
#include "tools/nayose/run_state.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::Record;
using libmpi::RecordStatus;

const char* StatusName(RecordStatus status) {
  switch (status) {
    case RecordStatus::kLive: return "live";
    case RecordStatus::kRetired: return "retired";
    case RecordStatus::kSubsumed: return "merged";
  }
  return "";
}

// One line after the other.
class Exporter {
 public:
  Exporter(const libmpi::Registry& registry, const std::function<void(std::string_view)>& write)
      : registry_(registry), write_(write) {}

  absl::Status Records(const libmpi::ProgressCallback& progress) {
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::Registry::Stats stats, registry_.GetStats());
    const uint64_t all = stats.records;
    absl::Status status;
    const absl::Status visited = registry_.ForEachRecord([&](const Record& record, RecordStatus of) {
      status = AddRecord(record, of);
      if (status.ok() && counts_.records % 256 == 0 && !progress("export", std::min(counts_.records, all), all))
        status = absl::CancelledError("stopped after " + std::to_string(counts_.records) + " records");
      return status.ok();
    });
    LIBMPI_RETURN_IF_ERROR(status);
    return visited;
  }

  absl::Status Rest() {
    LIBMPI_ASSIGN_OR_RETURN(const auto held, registry_.HeldRevisions(SIZE_MAX));
    for (const libmpi::HeldRevision& h : held) {
      Json json = {{"kind", "held"}};
      json.update(libmpi::RecordJson(h.revision));
      ++counts_.held;
      Add(json);
    }
    LIBMPI_ASSIGN_OR_RETURN(const auto decisions, registry_.Decisions());
    for (const libmpi::StewardDecision& d : decisions) {
      ++counts_.decisions;
      Add({{"kind", "decision"}, {"a", libmpi::KeyJson(d.a)}, {"b", libmpi::KeyJson(d.b)}, {"same", d.same}});
    }
    LIBMPI_ASSIGN_OR_RETURN(const auto authorities, registry_.Authorities());
    for (const libmpi::AssigningAuthority& a : authorities) {
      Json json = {{"kind", "authority"}};
      json.update(AuthorityJson(a));
      Add(json);
    }
    Add({{"kind", "end"}, {"records", counts_.records}});
    return absl::OkStatus();
  }

  void Header() {
    Json json = {{"kind", "registry"}, {"version", 1}};
    json.update(LinkageJson(*registry_.model()));
    Add(json);
  }

  const ExportCounts& counts() const { return counts_; }

 private:
  absl::Status AddRecord(const Record& record, RecordStatus status) {
    Json json = {{"kind", "record"}, {"status", StatusName(status)}};
    if (status == RecordStatus::kLive) {
      LIBMPI_ASSIGN_OR_RETURN(const libmpi::CrossReference found, registry_.Find(record.key));
      json["person"] = found.person.ToString();
    } else if (status == RecordStatus::kSubsumed) {
      LIBMPI_ASSIGN_OR_RETURN(const libmpi::RecordKey surviving, registry_.SurvivingOf(record.key));
      json["merged_into"] = libmpi::KeyJson(surviving);
    }
    json.update(libmpi::RecordJson(record));
    ++counts_.records;
    Add(json);
    return absl::OkStatus();
  }

  void Add(const Json& json) {
    std::string line;
    try {
      line = json.dump();
    } catch (const Json::type_error&) {  // what is no UTF-8
      ++counts_.not_utf8;
      line = libmpi::JsonLine(json);
    }
    line += '\n';
    write_(line);
  }

  const libmpi::Registry& registry_;
  const std::function<void(std::string_view)>& write_;
  ExportCounts counts_;
};

}  // namespace

Json AuthorityJson(const libmpi::AssigningAuthority& a) {
  return {{"name", a.name}, {"oid", a.oid}, {"facility", a.facility}, {"owner", a.owner},
          {"trust", libmpi::AuthorityTrustName(a.trust)}};
}

Json LinkageJson(const libmpi::FrozenModel& model) {
  return {{"tables_version", libmpi::FoldTablesVersion()},
          {"model_hash", ContentHash(model.model().ToJson())},
          {"match_threshold", libmpi::WeightBits(model.thresholds().match)},
          {"review_threshold", libmpi::WeightBits(model.thresholds().review)},
          {"preset", model.options().preset == libmpi::Preset::kSafe ? "safe" : "balanced"},
          {"population", model.options().population}};
}

absl::StatusOr<ExportCounts> ExportRegistry(const libmpi::Registry& registry, const libmpi::ProgressCallback& progress,
                                            const std::function<void(std::string_view)>& write) {
  Exporter exporter(registry, write);
  exporter.Header();
  LIBMPI_RETURN_IF_ERROR(exporter.Records(progress));
  LIBMPI_RETURN_IF_ERROR(exporter.Rest());
  return exporter.counts();
}

}  // namespace nayose
