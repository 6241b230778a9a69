// SPDX-License-Identifier: Apache-2.0
// Single bits go bad in every file of a store: it is refused, or told when it is read, or has no effect. Never is
// something missing or wrong without a word.
#include <sys/wait.h>

#include <algorithm>
#include <cstdarg>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "gtest/gtest.h"
#include "libmpi/registry/store.h"
#include "libmpi/registry/store_internal.h"
#include "registry/fault_file_system.h"
#include "registry/store_child.h"
#include "registry/store_testing.h"
#include "rocksdb/db.h"

namespace libmpi {
namespace {

using namespace store_testing;  // NOLINT: helpers of these tests only

constexpr uint64_t kCommits = 1500;

StoreOptions TinyOptions() {
  StoreOptions options = SmallOptions();
  options.write_buffer_bytes = uint64_t{128} << 10;
  return options;
}

// As a killed process leaves it: some commits are in files, some in a log.
void MakeStore(const std::string& folder) {
  const std::string open = folder + ".open";
  {
    auto store = Store::Open(open, TinyOptions());
    ASSERT_TRUE(store.ok()) << store.status();
    for (uint64_t n = 1; n <= kCommits; ++n) {
      ASSERT_TRUE((*store)->Commit(NthBatch(n)).ok());
      // Nothing is to be merged in the background while it is copied.
      ASSERT_TRUE(n + 400 != kCommits || (*store)->Compact().ok());
    }
    WaitForFlushes(open);
    std::filesystem::copy(open, folder, std::filesystem::copy_options::recursive);
  }
  std::filesystem::remove_all(open);
  std::filesystem::remove(folder + "/ballast");
}

struct Flip {
  std::string name;
  uint64_t bit = 0;
};
// The nth of a fixed row: each file as often as any other, or (`all_of` not empty) every bit of one kind of file.
Flip NthFlip(const std::vector<std::pair<std::string, uint64_t>>& files, uint64_t n) {
  uint64_t random = n * 0x9e3779b97f4a7c15u;
  random = (random ^ random >> 30) * 0xbf58476d1ce4e5b9u;
  random = (random ^ random >> 27) * 0x94d049bb133111ebu;
  const auto& [name, bytes] = files[n % files.size()];
  return {name, (random >> 8) % (bytes * 8)};
}

std::vector<std::pair<std::string, uint64_t>> FilesOf(const std::string& folder, const std::string& only) {
  std::vector<std::pair<std::string, uint64_t>> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file() && entry.file_size() > 0 && name.find(only) != std::string::npos)
      files.emplace_back(name, entry.file_size());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// One word for what became of the store.
std::string Outcome(const std::string& folder) {
  const size_t tables = FilesEndingIn(folder, ".sst").size();
  ImpatientEnv env(rocksdb::Env::Default());
  StoreHooks hooks;
  hooks.env = &env;
  auto store = OpenStore(folder, TinyOptions(), hooks);
  if (!store.ok()) {
    if (FilesEndingIn(folder, ".sst").size() < tables) return "WRONG files removed";
    return absl::IsDataLoss(store.status()) ? "refused" : "refused-otherwise";
  }
  if ((*store)->last_commit() != kCommits) return "WRONG commits lost";
  const absl::Status whole = IsWhole(**store);
  if (whole.ok()) return "no-effect";
  return whole.code() == absl::StatusCode::kInternal ? "WRONG " + std::string(whole.message()) : "reported";
}

class SilentLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// The same asked of RocksDB alone, as most programs open it.
std::string RawOutcome(const std::string& folder) {
  rocksdb::Options options;
  options.info_log = std::make_shared<SilentLog>();
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(options, folder, &opened).ok()) return "refused";
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (uint64_t n = 1; n <= kCommits; ++n) {
    std::string value;
    const rocksdb::Status got = db->Get(rocksdb::ReadOptions(), OwnKey(n), &value);
    if (got.IsNotFound() || (got.ok() && value != OwnValue(n))) return "WRONG lost or changed";
    if (!got.ok()) return "reported";
  }
  return "no-effect";
}

TEST(StoreRotChild, Flips) {
  if (!InChild()) GTEST_SKIP() << "a part of other tests";
  const std::string base = Setting("BASE");
  const std::string folder = base + ".flipped";
  const auto files = FilesOf(base, Setting("ONLY"));
  const bool every = !Setting("EVERY").empty();
  for (uint64_t n = std::stoull(Setting("FROM")); n < std::stoull(Setting("TO")); ++n) {
    const Flip flip = every ? Flip{files[0].first, n} : NthFlip(files, n);
    std::filesystem::remove_all(folder);
    std::filesystem::copy(base, folder, std::filesystem::copy_options::recursive);
    std::string content = Slurp(folder + "/" + flip.name);
    content[flip.bit / 8] = static_cast<char>(content[flip.bit / 8] ^ (1 << (flip.bit % 8)));
    Spill(folder + "/" + flip.name, content);
    Tell(Setting("RAW").empty() ? Outcome(folder) : RawOutcome(folder));
  }
  std::filesystem::remove_all(folder);
}

// How often each outcome came, by kind of file.
std::map<std::string, uint64_t> Flips(std::map<std::string, std::string> settings, uint64_t count) {
  std::map<std::string, uint64_t> outcomes;
  uint64_t done = 0;
  while (done < count) {
    settings["FROM"] = std::to_string(done);
    settings["TO"] = std::to_string(count);
    Child child("StoreRotChild.Flips", settings);
    std::string line;
    for (; child.ReadLine(&line); ++done) {
      ++outcomes[line];
      if (line.starts_with("WRONG")) std::cout << "flip " << done << ": " << line << "\n";
    }
    if (child.Wait() == 0 && done == count) break;
    std::cout << "flip " << done << ": crashed\n";
    ++outcomes["WRONG crashed"];
    ++done;
  }
  for (const auto& [outcome, times] : outcomes) std::cout << "  " << outcome << ": " << times << "\n";
  return outcomes;
}

uint64_t Wrong(const std::map<std::string, uint64_t>& outcomes) {
  uint64_t wrong = 0;
  for (const auto& [outcome, times] : outcomes) wrong += outcome.starts_with("WRONG") ? times : 0;
  return wrong;
}

TEST(StoreRot, NoBitIsBadWithoutAWord) {
  const TempFolder root("store_rot");
  MakeStore(root / "base");
  EXPECT_EQ(Wrong(Flips({{"BASE", root / "base"}}, LongRun() ? 10000 : 250)), 0u);
}

TEST(StoreRot, NoBitOfTheListsIsBadWithoutAWord) {
  const TempFolder root("store_rot_lists");
  MakeStore(root / "base");
  for (const std::string only : {"MANIFEST", ".log"})
    EXPECT_EQ(Wrong(Flips({{"BASE", root / "base"}, {"ONLY", only}}, LongRun() ? 5000 : 60)), 0u) << only;
}

TEST(StoreRot, NoBitOfAManifestIsBadWithoutAWord) {
  if (!LongRun()) GTEST_SKIP() << "every bit of a MANIFEST: with LIBMPI_LONG=1 only";
  const TempFolder root("store_rot_manifest");
  MakeStore(root / "base");
  const uint64_t bits = 8 * FilesOf(root / "base", "MANIFEST")[0].second;
  EXPECT_EQ(Wrong(Flips({{"BASE", root / "base"}, {"ONLY", "MANIFEST"}, {"EVERY", "1"}}, bits)), 0u);
  std::cout << "RocksDB alone:\n";
  EXPECT_GT(Wrong(Flips({{"BASE", root / "base"}, {"ONLY", "MANIFEST"}, {"EVERY", "1"}, {"RAW", "1"}}, bits)), 0u);
}

// The control: these tests would see a loss.
TEST(StoreRot, RocksDbAloneLosesWithoutAWord) {
  const TempFolder root("store_rot_raw");
  MakeStore(root / "base");
  EXPECT_GT(Wrong(Flips({{"BASE", root / "base"}, {"ONLY", ".log"}, {"RAW", "1"}}, 12)), 2u);
}

}  // namespace
}  // namespace libmpi
