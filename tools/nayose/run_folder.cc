// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "tools/nayose/index_files.h"
#include "tools/nayose/stage_files.h"

namespace nayose {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> RunFiles() {
  std::vector<std::string> files = {"summary.json", "clusters.csv", "links.csv", "review.csv", "rejects.csv", "findings.csv",
                                    "model.json", "evaluation.json", "errors.csv", "blocking.csv", "schema.json",
                                    "report.html", "state/state.json", "state/records.csv.zst", "state/table.csv.zst",
                                    "changes.csv", "state/later.csv.zst", "state/index.json"};
  for (const char* array : kIndexArrays)
    for (const std::string& file : {BaseFile(array), TailFile(array)}) files.push_back("state/" + file);
  return files;
}

// The files of a run. In the order of removal, and of moving in when read backwards: a folder without
// summary.json is unfinished.
const std::vector<std::string>& Files() {
  static const auto* const files = new std::vector<std::string>(RunFiles());
  return *files;
}

// Under construction; whole, the earlier run still to be removed; the earlier run removed.
constexpr const char* kPartial = ".nayose-partial";
constexpr const char* kComplete = ".nayose-complete";
constexpr const char* kMoving = ".nayose-moving";

absl::Status Problem(const std::string& path, const std::error_code& error) {
  const std::string message = path + ": " + error.message();
  if (error == std::errc::no_space_on_device)
    return absl::ResourceExhaustedError(message + "; make room and run again");
  return absl::PermissionDeniedError(message);
}

bool Exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

absl::Status Taken(const std::string& directory, const std::string& why) {
  return absl::AlreadyExistsError(directory + ": " + why);
}

// Renames are kept in the order they were made in.
void Sync(const std::string& directory) {
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  fsync(file);
  close(file);
}

absl::Status Rename(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  return error ? Problem(to, error) : absl::OkStatus();
}

// Removes a run's files, the summary first, and its state/ if nothing else is in it.
absl::Status RemoveRun(const std::string& directory) {
  for (const std::string& name : Files()) {
    const std::string path = directory + "/" + name;
    for (const std::string& file : {path, path + ".partial"}) {
      if (unlink(file.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
        return Problem(file, std::error_code(errno, std::generic_category()));
    }
  }
  rmdir((directory + "/state").c_str());
  return absl::OkStatus();
}

bool HasStageFiles(const std::string& stages) {
  return std::any_of(std::begin(kStageNames), std::end(kStageNames),
                     [&](const char* stage) { return Exists(StageFile(stages, stage)); });
}

// And their folder if nothing else is in it.
absl::Status RemoveStages(const std::string& stages) {
  std::string files[std::size(kStageNames) + 1] = {stages + "/run.json"};
  for (size_t i = 0; i < std::size(kStageNames); ++i) files[i + 1] = StageFile(stages, kStageNames[i]);
  for (const std::string& path : files)
    for (const std::string& file : {path, path + ".partial"})
      if (unlink(file.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
        return Problem(file, std::error_code(errno, std::generic_category()));
  rmdir(stages.c_str());
  return absl::OkStatus();
}

// What a run that was killed left aside, if told but for finished stages. Files of others that are in there stay.
absl::Status RemoveAside(const std::string& aside, bool keep_stages) {
  if (!Exists(aside)) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(RemoveRun(aside));
  if (keep_stages && HasStageFiles(aside + "/stages")) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(RemoveStages(aside + "/stages"));
  std::error_code error;
  fs::remove(aside, error);
  if (error == std::errc::directory_not_empty || error == std::errc::file_exists)
    return Taken(aside, "holds files that are no run's; remove them or give another folder");
  return error ? Problem(aside, error) : absl::OkStatus();
}

// Each file as it comes, so that a kill between two leaves the rest to the next call.
absl::Status MoveIn(const std::string& directory) {
  const std::string moving = directory + "/" + kMoving;
  std::error_code error;
  if (Exists(moving + "/state")) {
    fs::create_directory(directory + "/state", error);
    if (!error) fs::permissions(directory + "/state", fs::perms::owner_all, error);
    if (error) return Problem(directory + "/state", error);
  }
  for (size_t i = Files().size(); i-- > 0;) {
    const std::string from = moving + "/" + Files()[i];
    if (i == 0) Sync(directory);
    if (Exists(from)) LIBMPI_RETURN_IF_ERROR(Rename(from, directory + "/" + Files()[i]));
  }
  rmdir((moving + "/state").c_str());
  LIBMPI_RETURN_IF_ERROR(RemoveStages(moving + "/stages"));
  fs::remove(moving, error);
  Sync(directory);
  return error ? Problem(moving, error) : absl::OkStatus();
}

// Puts a complete run in place, from wherever an earlier attempt ended.
absl::Status Settle(const std::string& directory) {
  if (Exists(directory + "/" + kMoving)) LIBMPI_RETURN_IF_ERROR(MoveIn(directory));
  const std::string complete = directory + "/" + kComplete;
  if (!Exists(complete)) return absl::OkStatus();
  LIBMPI_RETURN_IF_ERROR(RemoveRun(directory));
  Sync(directory);
  LIBMPI_RETURN_IF_ERROR(Rename(complete, directory + "/" + kMoving));
  return MoveIn(directory);
}

// A run's own summary, not somebody's file of that name.
bool HasSummary(const std::string& directory) {
  const auto text = libmpi::ReadSmallFile(directory + "/summary.json");
  return text.ok() && text->find("\"tool\": \"nayose") < 100;
}

bool HasRunFiles(const std::string& directory) {
  return std::any_of(Files().begin(), Files().end(),
                     [&](const std::string& name) { return Exists(directory + "/" + name); });
}

// Whether a run may replace what is in the folder.
absl::Status CheckContents(const std::string& directory, bool force) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory + "/state", error)) {
    const std::string name = "state/" + entry.path().filename().string();
    if (std::find(Files().begin(), Files().end(), name) == Files().end())
      return Taken(directory, "its folder state/ is not a run's; give another folder");
  }
  if (!HasRunFiles(directory)) return absl::OkStatus();
  if (!HasSummary(directory))
    return Taken(directory, "holds files named as a run's, but no finished run; move them or give another "
                            "folder");
  if (!force) return Taken(directory, "holds the output of an earlier run; give another folder or --force");
  return absl::OkStatus();
}

// The lock of a folder, or -1 where the file system knows none. kAlreadyExists: taken.
absl::StatusOr<int> Lock(const std::string& directory) {
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return absl::PermissionDeniedError(directory + ": " + std::strerror(errno));
  if (flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  const bool taken = errno == EWOULDBLOCK;
  close(file);
  if (taken) return Taken(directory, "another run is writing to it; wait for it or give another folder");
  return -1;
}

}  // namespace

RunFolder::RunFolder(std::string directory, bool made, int lock)
    : directory_(std::move(directory)), partial_(directory_ + "/" + kPartial), made_(made), lock_(lock) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : directory_(std::move(other.directory_)), partial_(std::exchange(other.partial_, "")),
      made_(other.made_), cleared_stages_(other.cleared_stages_), lock_(std::exchange(other.lock_, -1)) {}

RunFolder::~RunFolder() {
  if (!partial_.empty()) {
    if (HasStages())
      std::fprintf(stderr, "nayose: %s keeps the finished stages, with what they know of the patients: the same command "
                   "with --resume goes on from them, a run without it clears them\n", stages().c_str());
    (void)RemoveAside(partial_, true);
    if (made_) rmdir(directory_.c_str());  // if it is empty
  }
  if (lock_ >= 0) close(lock_);
}

absl::StatusOr<RunFolder> RunFolder::Open(const std::string& directory, bool force, bool resume) {
  std::error_code error;
  const bool made = !Exists(directory);
  fs::create_directories(directory, error);
  if (error) return Problem(directory, error);
  if (!fs::is_directory(directory)) return absl::InvalidArgumentError(directory + ": is not a folder");
  int lock = -1;
  LIBMPI_ASSIGN_OR_RETURN(lock, Lock(directory));
  RunFolder folder(directory, made, lock);
  const std::string partial = std::exchange(folder.partial_, "");  // nothing of ours in it yet
  LIBMPI_RETURN_IF_ERROR(Settle(directory));
  LIBMPI_RETURN_IF_ERROR(CheckContents(directory, force));
  folder.cleared_stages_ = !resume && HasStageFiles(partial + "/stages");
  LIBMPI_RETURN_IF_ERROR(RemoveAside(partial, resume));
  fs::create_directory(partial, error);
  if (error) return Problem(directory, error);
  folder.partial_ = partial;
  return folder;
}

bool RunFolder::HasStages() const { return HasStageFiles(stages()); }

absl::Status RunFolder::ClearStages() {
  LIBMPI_RETURN_IF_ERROR(RemoveStages(stages()));
  std::error_code error;
  fs::create_directory(stages(), error);
  if (!error) fs::permissions(stages(), fs::perms::owner_all, error);
  return error ? Problem(stages(), error) : absl::OkStatus();
}

absl::Status RunFolder::Publish() {
  Sync(partial_ + "/state");
  Sync(partial_);
  LIBMPI_RETURN_IF_ERROR(Rename(partial_, directory_ + "/" + kComplete));
  partial_.clear();
  Sync(directory_);
  return Settle(directory_);
}

void FinishPublishing(const std::string& directory) {
  if (!Exists(directory + "/" + kComplete) && !Exists(directory + "/" + kMoving)) return;
  const auto lock = Lock(directory);
  if (!lock.ok()) return;  // a run at work does it
  (void)Settle(directory);
  if (*lock >= 0) close(*lock);
}

}  // namespace nayose
