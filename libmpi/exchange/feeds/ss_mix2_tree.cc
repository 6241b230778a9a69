// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/ss_mix2_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/folder_entries.h"
#include "libmpi/exchange/feeds/ss_mix2.h"
#include "libmpi/exchange/feeds/ss_mix2_name.h"

namespace libmpi {
namespace {

constexpr size_t kGrain = 32;
constexpr std::string_view kNoDate = "-";

std::string Why(int error) {
  if (error == E2BIG) return "the folder has more entries than it may have";
  return std::string("it can't be read: ") + std::strerror(error);
}

// A file with its name, while the best one is looked for.
struct Candidate {
  std::string path;  // below the root
  std::string file_name;
  bool is_adt = false;
};

// Newer ones are greater. Of one moment the one that is there beats the one that is deleted.
auto OrderOf(const Candidate& candidate) {
  const SsMix2Name name = *ParseSsMix2Name(candidate.file_name);
  return std::tuple(candidate.is_adt, name.time, name.condition, std::string_view(candidate.file_name));
}

// What was found of one patient.
struct Found {
  std::optional<SsMix2File> file;
  bool withdrawn = false, by_other_data = false;
  uint64_t extended_documents = 0, left_out = 0;
};

// Looks for the file of a patient that counts.
class PatientFolder {
 public:
  PatientFolder(int root, std::string folder, size_t max_entries)
      : root_(root), folder_(std::move(folder)), max_entries_(max_entries) {}

  Found Look() {
    const std::string own = folder_ + "/" + std::string(kNoDate) + "/" + std::string(kPatientDatatype);
    if (LookIntoDatatype(own, kPatientDatatype) || found_.file) return Finish();
    LookIntoDates();
    found_.by_other_data = best_.has_value();
    return Finish();
  }

 private:
  Found Finish() {
    if (found_.file || !best_) return std::move(found_);
    struct stat info;
    if (fstatat(root_, best_->path.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      SetProblem(best_->path, errno);
      return std::move(found_);
    }
    found_.withdrawn = !found_.by_other_data && ParseSsMix2Name(best_->file_name)->condition == '0';
    const int64_t modified = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
    found_.file = SsMix2File{std::move(best_->path), {static_cast<uint64_t>(info.st_size), modified}, ""};
    return std::move(found_);
  }

  void SetProblem(const std::string& path, int error) { found_.file = SsMix2File{path, {}, Why(error)}; }

  // False: there is no such folder.
  bool Entries(const std::string& path, std::vector<FolderEntry>* entries) {
    const Descriptor folder(OpenFolder(root_, path));
    int error = folder.ok() ? 0 : errno;
    if (error == 0) error = ReadEntries(folder.number(), max_entries_, entries);
    if (error == ENOENT) return false;
    if (error != 0) SetProblem(path, error);
    return error == 0;
  }

  std::string_view Number() const { return std::string_view(folder_).substr(folder_.find_last_of('/') + 1); }

  // Whether there is anything in it.
  bool LookIntoDatatype(const std::string& path, std::string_view datatype) {
    std::vector<FolderEntry> entries;
    if (!Entries(path, &entries)) return false;
    const bool own = datatype == kPatientDatatype;
    for (FolderEntry& entry : entries) {
      const auto name = ParseSsMix2Name(entry.name);
      const bool good =
          entry.kind == EntryKind::kFile && name && name->patient == Number() && name->datatype == datatype;
      if (!good) {
        ++found_.left_out;
        continue;
      }
      if (name->condition == '1' || (own && name->condition == '0'))
        Consider({path + "/" + entry.name, entry.name, datatype.starts_with("ADT")});
    }
    return own && !entries.empty();
  }

  void Consider(Candidate&& candidate) {
    if (!best_ || OrderOf(*best_) < OrderOf(candidate)) best_ = std::move(candidate);
  }

  void LookIntoDates() {
    std::vector<FolderEntry> dates, datatypes, documents;
    if (!Entries(folder_, &dates)) return;
    for (const FolderEntry& date : dates) {
      const std::string path = folder_ + "/" + date.name;
      if (date.kind != EntryKind::kFolder) {
        ++found_.left_out;
        continue;
      }
      if (!Entries(path, &datatypes)) return;
      for (const FolderEntry& datatype : datatypes) {
        const std::string below = path + "/" + datatype.name;
        if (datatype.kind != EntryKind::kFolder)
          ++found_.left_out;
        else if (IsSsMix2Datatype(datatype.name))
          LookIntoDatatype(below, datatype.name);
        else if (Entries(below, &documents))
          found_.extended_documents += documents.size();
        if (found_.file) return;  // a problem
      }
    }
  }

  const int root_;
  const std::string folder_;
  const size_t max_entries_;
  std::optional<Candidate> best_;
  Found found_;
};

// What is said of a file, until it is its turn.
class HeldSink final : public FeedSink {
 public:
  void Take(FeedRecord&& record) override { said_.emplace_back(std::move(record)); }
  void Refuse(FeedRemark&& remark) override { said_.emplace_back(Held{std::move(remark), true}); }
  void Note(FeedRemark&& remark) override { said_.emplace_back(Held{std::move(remark), false}); }

  void Give(FeedSink* sink) {
    for (auto& said : said_) {
      if (auto* const record = std::get_if<FeedRecord>(&said))
        sink->Take(std::move(*record));
      else if (auto& held = std::get<Held>(said); held.refused)
        sink->Refuse(std::move(held.remark));
      else
        sink->Note(std::move(held.remark));
    }
  }

 private:
  struct Held {
    FeedRemark remark;
    bool refused;
  };
  std::vector<std::variant<FeedRecord, Held>> said_;
};

// 0 or errno; E2BIG: it is larger than may be.
int ReadFile(int root, const std::string& path, size_t max_bytes, FeedParser* parser) {
  const Descriptor file(OpenFile(root, path));
  if (!file.ok()) return errno;
  char buffer[size_t{64} << 10];
  for (size_t total = 0;;) {
    const ssize_t got = read(file.number(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    total += static_cast<size_t>(got);
    if (total > max_bytes) return EFBIG;
    const absl::Status taken = parser->Take({buffer, static_cast<size_t>(got)});
    if (!taken.ok()) return 0;  // End() says so too
  }
}

// One patient's, on the way through a batch.
struct Item {
  std::string folder;
  Found found;
  bool changed = false;
  HeldSink said;
};

// All folders of patients in order, by batches.
class PatientFolders {
 public:
  using TakeBatch = std::function<absl::Status(std::vector<Item>*)>;
  PatientFolders(int root, const SsMix2TreeOptions& options, const TakeBatch& take)
      : root_(root), options_(options), take_(take) {}

  absl::Status Run() {
    LIBMPI_RETURN_IF_ERROR(Below("", 3));
    return batch_.empty() ? absl::OkStatus() : take_(&batch_);
  }
  uint64_t left_out() const { return left_out_; }

 private:
  absl::Status Below(const std::string& path, int levels) {
    const Descriptor folder(OpenFolder(root_, path.empty() ? "." : path));
    std::vector<FolderEntry> entries;
    const int error = folder.ok() ? ReadEntries(folder.number(), options_.max_entries, &entries) : errno;
    if (error != 0) return Add({path, {SsMix2File{path, {}, Why(error)}}});
    for (FolderEntry& entry : entries) {
      if (entry.kind != EntryKind::kFolder) {
        ++left_out_;
        continue;
      }
      std::string below = path.empty() ? std::move(entry.name) : path + "/" + entry.name;
      LIBMPI_RETURN_IF_ERROR(levels > 1 ? Below(below, levels - 1) : Add({std::move(below), {}}));
    }
    return absl::OkStatus();
  }

  absl::Status Add(Item item) {
    batch_.push_back(std::move(item));
    if (batch_.size() < options_.patients_at_a_time) return absl::OkStatus();
    LIBMPI_RETURN_IF_ERROR(take_(&batch_));
    batch_.clear();
    return absl::OkStatus();
  }

  const int root_;
  const SsMix2TreeOptions& options_;
  const TakeBatch& take_;
  std::vector<Item> batch_;
  uint64_t left_out_ = 0;
};

void Count(const Item& item, SsMix2Counts* counts) {
  const Found& found = item.found;
  counts->left_out += found.left_out;
  counts->extended_documents += found.extended_documents;
  if (found.file && !found.file->problem.empty()) {
    ++counts->problems;
    return;
  }
  ++counts->patients;
  if (!found.file) {
    ++counts->silent;
    return;
  }
  ++(item.changed ? counts->files : counts->unchanged);
  counts->withdrawn += found.withdrawn;
  counts->by_other_data += found.by_other_data;
}

}  // namespace

SsMix2Storage DetectSsMix2(const std::string& folder) {
  constexpr size_t kMostEntries = 100'000, kMostLooks = 64;
  const Descriptor root(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.ok()) return SsMix2Storage::kNone;
  size_t looks = 0;
  SsMix2Storage kind = SsMix2Storage::kNone;
  // Down to the datatypes: pat/ien/patient/date.
  const auto look = [&](const auto& self, const std::string& path, const std::string& first, int level) -> bool {
    if (++looks > kMostLooks) return true;
    const Descriptor open_folder(OpenFolder(root.number(), path.empty() ? "." : path));
    std::vector<FolderEntry> entries;
    if (!open_folder.ok() || ReadEntries(open_folder.number(), kMostEntries, &entries) != 0) return false;
    for (const FolderEntry& entry : entries) {
      if (entry.kind != EntryKind::kFolder) continue;
      if (level < 2 && entry.name.size() > 3) continue;
      if (level == 2 && !entry.name.starts_with(first)) continue;
      if (level == 3 && entry.name != kNoDate && entry.name.size() != 8) continue;
      if (level == 4) {
        kind = IsSsMix2Datatype(entry.name) ? SsMix2Storage::kStandard : SsMix2Storage::kExtended;
        return true;
      }
      const std::string below = path.empty() ? entry.name : path + "/" + entry.name;
      if (self(self, below, level == 0 ? entry.name : first, level + 1)) return true;
    }
    return false;
  };
  look(look, "", "", 0);
  return kind;
}

absl::StatusOr<SsMix2Tree> SsMix2Tree::Open(std::string root, const SsMix2TreeOptions& options) {
  const int folder = open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) return SsMix2Tree(std::move(root), folder, options);
  if (errno == ENOENT) return absl::NotFoundError(root + ": there is no such folder");
  if (errno == ENOTDIR) return absl::InvalidArgumentError(root + ": it is no folder");
  return absl::PermissionDeniedError(root + ": " + std::strerror(errno));
}

SsMix2Tree::SsMix2Tree(SsMix2Tree&& other) noexcept
    : root_(std::move(other.root_)), folder_(std::exchange(other.folder_, -1)), options_(other.options_) {}

SsMix2Tree::~SsMix2Tree() {
  if (folder_ >= 0) close(folder_);
}

namespace {

// Walks, does work(item) for each changed file on any thread, and then give(batch) in order.
template <typename Work, typename Give>
absl::StatusOr<SsMix2Counts> WalkTree(int root, const SsMix2TreeOptions& options, const SsMix2State& before,
                                      SsMix2State* after, const Work& work, const Give& give) {
  SsMix2Counts counts;
  const int threads = ResolveThreads(options.threads);
  const PatientFolders::TakeBatch take = [&](std::vector<Item>* batch) -> absl::Status {
    ParallelChunks(batch->size(), kGrain, threads, [&](size_t begin, size_t end, int) {
      for (size_t i = begin; i < end; ++i) {
        Item& item = (*batch)[i];
        if (!item.found.file) item.found = PatientFolder(root, item.folder, options.max_entries).Look();
        const auto& file = item.found.file;
        item.changed = file && (!file->problem.empty() || !before.Holds(file->path, file->stamp));
        if (item.changed && file->problem.empty()) work(&item);
      }
    });
    LIBMPI_RETURN_IF_ERROR(give(batch));
    for (const Item& item : *batch) {
      Count(item, &counts);
      if (item.found.file && item.found.file->problem.empty())
        after->Set(item.found.file->path, item.found.file->stamp);
    }
    return absl::OkStatus();
  };
  PatientFolders folders(root, options, take);
  LIBMPI_RETURN_IF_ERROR(folders.Run());
  counts.left_out += folders.left_out();
  return counts;
}

}  // namespace

absl::StatusOr<SsMix2Counts> SsMix2Tree::Walk(const SsMix2State& before, SsMix2State* after,
                                              const TakeFiles& take) const {
  const auto give = [&](std::vector<Item>* batch) -> absl::Status {
    std::vector<SsMix2File> files;
    for (const Item& item : *batch)
      if (item.changed) files.push_back(*item.found.file);
    return files.empty() ? absl::OkStatus() : take(files);
  };
  return WalkTree(
      folder_, options_, before, after, [](Item*) {}, give);
}

absl::StatusOr<SsMix2Counts> SsMix2Tree::Read(const FeedOptions& options, const SsMix2State& before, SsMix2State* after,
                                              SsMix2Sink* sink) const {
  const auto work = [&](Item* item) {
    SsMix2File& file = *item->found.file;
    FeedOptions of_file = options;
    of_file.path = root_ + "/" + file.path;
    const std::unique_ptr<FeedParser> parser = NewSsMix2Parser(of_file, &item->said);
    const int error = ReadFile(folder_, file.path, options.max_document_bytes, parser.get());
    if (error == EFBIG) return item->said.Refuse({1, "", "the file is larger than a message may be"});
    if (error != 0) {
      file.problem = Why(error);
      return;
    }
    if (const absl::Status ended = parser->End(); !ended.ok()) item->said.Refuse({1, "", std::string(ended.message())});
  };
  const auto give = [&](std::vector<Item>* batch) -> absl::Status {
    for (Item& item : *batch) {
      if (!item.changed) continue;
      const SsMix2File& file = *item.found.file;
      sink->Begin(file.path);
      if (file.problem.empty())
        item.said.Give(sink);
      else
        sink->Refuse({0, "", file.problem});
    }
    return absl::OkStatus();
  };
  return WalkTree(folder_, options_, before, after, work, give);
}

}  // namespace libmpi
