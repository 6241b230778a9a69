// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/checkpoints.h"

#include <cstdio>
#include <filesystem>

#include "absl/status/statusor.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "nlohmann/json.hpp"
#include "libmpi/record/iso_date.h"
#include "tools/nayose/command.h"
#include "tools/nayose/finish_run.h"
#include "tools/nayose/run_state.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;

std::string HashOfFile(const std::string& path) {
  if (path.empty()) return "";
  const auto bytes = libmpi::ReadSmallFile(path);
  return bytes.ok() ? ContentHash(*bytes) : "";
}

std::string HashOfColumns(const InputArguments& input) {
  const auto text = input.ColumnsText();
  return text.ok() && !text->empty() ? ContentHash(*text) : "";
}

Json NumberOrNull(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

// Stages mean something to the very program that wrote them. Its file says which that is, or, where the system
// does not show it, its version.
std::string Program() {
  const std::string hash = HashOfFile("/proc/self/exe");
  return hash.empty() ? NAYOSE_VERSION : hash;
}

// By the words in which a difference is told.
Json IdentityOf(const RunIdentity& run) {
  Json json = {{"format", "nayose-stages"},
               {"the program (another version or build of nayose)", Program()},
               {"the command", run.command},
               {"--today", libmpi::IsoDateText(run.today)},
               {"--preset", run.link->preset},
               {"--match-threshold", NumberOrNull(run.link->match_threshold)},
               {"--review-threshold", NumberOrNull(run.link->review_threshold)},
               {"--population", run.link->population},
               {"--seed", run.link->seed},
               {"--encoding", run.input->encoding},
               {"--source", run.input->source},
               {"--columns", HashOfColumns(*run.input)}};
  for (size_t i = 0; i < run.others.size(); ++i)
    json["the model, decisions or labels"].push_back(HashOfFile(run.others[i]));
  Json& inputs = json["the input files"] = Json::array();
  for (const auto& file : run.files->files())
    inputs.push_back({std::filesystem::path(file.path).filename().string(), file.bytes, file.content_hash});
  return json;
}

std::string IdentityFile(const RunFolder& folder) { return folder.stages() + "/run.json"; }

Json ReadIdentity(const RunFolder& folder) {
  const auto text = libmpi::ReadSmallFile(IdentityFile(folder), size_t{1} << 20);
  return text.ok() ? Json::parse(*text, nullptr, false) : Json();
}

std::string Differences(const Json& one, const Json& other) {
  std::string all;
  for (const auto& [key, value] : one.items())
    if (!other.contains(key) || other[key] != value) all += (all.empty() ? "" : ", ") + key;
  return all;
}

// A store with the stages of the killed run, or an empty one. kFailedPrecondition: what differs from the killed run.
absl::StatusOr<std::unique_ptr<StageFiles>> OpenCheckpoints(bool resume, const RunIdentity& run, RunFolder* folder) {
  const Json identity = IdentityOf(run), left = ReadIdentity(*folder);
  if (resume && folder->HasStages() && left.is_object()) {
    if (const std::string differ = Differences(identity, left); !differ.empty())
      return absl::FailedPreconditionError(
          "--resume: the run that was killed in this folder had other values for: " + differ +
          "; run as that one to go on from it, or leave out --resume to begin anew");
    std::fprintf(stderr, "nayose: goes on from the finished stages of the run that was killed\n");
  } else {
    if (resume) std::fprintf(stderr, "nayose: no run was killed here that --resume could go on from; begins anew\n");
    LIBMPI_RETURN_IF_ERROR(folder->ClearStages());
    const std::string text = identity.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
    LIBMPI_RETURN_IF_ERROR(libmpi::WriteWholeFile(IdentityFile(*folder), text, 0600));
  }
  return std::make_unique<StageFiles>(folder->stages());
}

}  // namespace

std::optional<libmpi::CivilDate> TodayOfKilledRun(const RunFolder& folder) {
  const Json json = ReadIdentity(folder);
  if (!json.is_object() || !json.contains("--today") || !json["--today"].is_string()) return std::nullopt;
  const std::string text = json["--today"];
  const auto today = text.empty() ? absl::InvalidArgumentError("") : ParseToday(text);
  return today.ok() ? std::optional(*today) : std::nullopt;
}

int KeepStages(const OutputArguments& output, const RunIdentity& run, RunFolder* folder,
               std::unique_ptr<StageFiles>* stages, libmpi::LinkOptions* options) {
  if (output.no_checkpoints) return kDone;
  auto opened = OpenCheckpoints(output.resume, run, folder);
  if (absl::IsFailedPrecondition(opened.status())) return FailUsage(std::string(opened.status().message()));
  if (!opened.ok()) return FailOutput(opened.status());
  *stages = *std::move(opened);
  options->stages = stages->get();
  return kDone;
}

void TellUnkeptStages(const StageFiles* stages) {
  if (stages == nullptr || stages->status().ok()) return;
  std::fprintf(stderr, "nayose: not every finished stage could be kept: %s\n",
               std::string(stages->status().message()).c_str());
}

}  // namespace nayose
