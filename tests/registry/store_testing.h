// SPDX-License-Identifier: Apache-2.0
// What the tests of the store share.
#ifndef TESTS_REGISTRY_STORE_TESTING_H_
#define TESTS_REGISTRY_STORE_TESTING_H_

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/registry/store.h"

namespace libmpi::store_testing {

inline bool LongRun() { return std::getenv("LIBMPI_LONG") != nullptr; }

// In memory where that can be: these tests sync often, and lose power only in simulation.
inline std::string TempRoot() { return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : ::testing::TempDir(); }

// A folder of its own, gone with the object.
class TempFolder {
 public:
  explicit TempFolder(const std::string& name)
      : path_(TempRoot() + "/libmpi_" + name + "." + std::to_string(::getpid())) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

// Small, so that flushes and merges happen within a test.
inline StoreOptions SmallOptions() {
  StoreOptions options;
  options.cache_bytes = uint64_t{8} << 20;
  options.write_buffer_bytes = uint64_t{256} << 10;
  return options;
}

inline std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline void Spill(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(content.data(), static_cast<long>(content.size()));
}

// The content of every file, by its path.
inline std::map<std::string, std::string> FolderContent(const std::string& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) content[entry.path().string()] = Slurp(entry.path().string());
  return content;
}

inline std::vector<std::string> FilesEndingIn(const std::string& folder, const std::string& suffix) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().string().ends_with(suffix)) names.push_back(entry.path().string());
  std::sort(names.begin(), names.end());
  return names;
}

// Waits for the flushes that the commits so far have begun: the logs of what is in files are removed then.
inline void WaitForFlushes(const std::string& folder) {
  for (int i = 0; i < 1000 && FilesEndingIn(folder, ".log").size() > 1; ++i) ::usleep(10'000);
  ::usleep(20'000);
}

// Commit n puts what can be checked without knowing more than n: a key of its own, and one that all overwrite.
inline std::string OwnKey(uint64_t n) {
  std::string digits = std::to_string(n);
  return "own" + std::string(8 - digits.size(), '0') + digits;
}
inline std::string OwnValue(uint64_t n) { return std::string(50 + n * 37 % 400, static_cast<char>('a' + n % 26)); }
inline StoreBatch NthBatch(uint64_t n) {
  StoreBatch batch;
  batch.Put(OwnKey(n), OwnValue(n));
  batch.Put("newest", std::to_string(n));
  batch.Put("of ten " + std::to_string(n % 10), std::to_string(n));
  return batch;
}

// Whether `store` is what commits 1 to last_commit() made of it: OK, the status of what cannot be read, or kInternal,
// which is the one that must never be.
inline absl::Status IsWhole(const Store& store) {
  uint64_t last = store.last_commit();
  std::string given_up;
  // A commit that could not be confirmed is read until the store is recovered.
  while (!store.stats().writable && store.Get(OwnKey(last + 1), &given_up).ok()) ++last;
  const auto wrong = [](const std::string& what) { return absl::InternalError("silently wrong: " + what); };
  uint64_t expected = 1;
  bool same = true;
  const absl::Status scanned = store.Scan("own", "owo", nullptr, [&](std::string_view key, std::string_view value) {
    same = expected <= last && key == OwnKey(expected) && value == OwnValue(expected);
    ++expected;
    return same;
  });
  if (!scanned.ok()) return scanned;
  if (!same || expected != last + 1)
    return wrong("at own key " + std::to_string(expected) + " of " + std::to_string(last));
  if (last == 0) return absl::OkStatus();
  std::string value;
  const absl::Status newest = store.Get("newest", &value);
  if (absl::IsNotFound(newest)) return wrong("no newest");
  if (!newest.ok()) return newest;
  if (value != std::to_string(last)) return wrong("an old newest");
  for (uint64_t n = last > 9 ? last - 9 : 1; n <= last; ++n) {
    const absl::Status got = store.Get("of ten " + std::to_string(n % 10), &value);
    if (absl::IsNotFound(got)) return wrong("a key of ten is gone");
    if (!got.ok()) return got;
    if (value != std::to_string(n)) return wrong("an old key of ten");
  }
  return absl::OkStatus();
}

}  // namespace libmpi::store_testing

#endif  // TESTS_REGISTRY_STORE_TESTING_H_
