// SPDX-License-Identifier: Apache-2.0
// A registry in a folder of its own for tests, and what its store holds.
#ifndef LIBMPI_TESTS_REGISTRY_REGISTRY_FOLDER_H_
#define LIBMPI_TESTS_REGISTRY_REGISTRY_FOLDER_H_

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "libmpi/registry/keys.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/store.h"

namespace libmpi {

inline constexpr int64_t kRegistryNow = 1'795'834'800'000;
inline constexpr CivilDate kRegistryToday = {2026, 11, 28};

// Whether the full counts are asked for (LIBMPI_LONG=1).
inline bool LongRun() {
  const char* const told = std::getenv("LIBMPI_LONG");
  return told != nullptr && *told != '\0' && *told != '0';
}

class RegistryFolder {
 public:
  RegistryFolder() {
    static std::atomic<int> count = 0;
    folder_ = testing::TempDir() + "/registry." + std::to_string(::getpid()) + "." + std::to_string(++count);
    std::filesystem::remove_all(folder_);
    options_.clock = [] { return kRegistryNow; };
    options_.cache_bytes = 8 << 20;
    options_.write_buffer_bytes = 8 << 20;
  }
  ~RegistryFolder() {
    registry_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Anew where there was one.
  bool Create(const Model& model, const FrozenOptions& linkage) {
    Close();
    std::filesystem::remove_all(folder_);
    auto created = Registry::Create(folder_, model, linkage, options_);
    EXPECT_TRUE(created.ok()) << created.status();
    if (created.ok()) registry_ = *std::move(created);
    return created.ok();
  }
  void Close() { registry_.reset(); }
  bool Reopen() {
    Close();
    auto opened = Registry::Open(folder_, options_);
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (opened.ok()) registry_ = *std::move(opened);
    return opened.ok();
  }

  // Every key and value of the store but those of tables that tell of the past, and the counters.
  std::map<std::string, std::string> Present() const {
    StoreOptions options;
    options.read_only = true;
    options.create = false;
    std::map<std::string, std::string> all;
    const auto store = Store::Open(folder_, options);
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return all;
    constexpr size_t kTable = 4;  // behind the tenant and the generation
    constexpr std::string_view kPast = "HUV";
    const std::string tenant = Keys(1, 0).Prefix(Table::kMeta).substr(0, 2);
    const absl::Status scanned =
        (*store)->Scan("", std::string(8, '\xff'), nullptr, [&](std::string_view key, std::string_view value) {
          if (key.size() <= kTable || !key.starts_with(tenant)) return true;  // the store's own
          const bool counters = key[kTable] == 'M' && key.substr(kTable + 1) == "counters";
          if (!counters && kPast.find(key[kTable]) == std::string_view::npos) all.emplace(key, value);
          return true;
        });
    EXPECT_TRUE(scanned.ok()) << scanned;
    return all;
  }

  const std::string& folder() const { return folder_; }
  Registry* operator->() const { return registry_.get(); }
  Registry& operator*() const { return *registry_; }

 private:
  std::string folder_;
  RegistryOptions options_;
  std::unique_ptr<Registry> registry_;
};

}  // namespace libmpi

#endif  // LIBMPI_TESTS_REGISTRY_REGISTRY_FOLDER_H_
