// SPDX-License-Identifier: Apache-2.0
// Any bytes as an export that is imported into an empty registry, and as lines of records that are put into one: every
// line counts once, what is accepted is there, and of a share of the inputs the registry is proved to be sound.
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "libmpi/base/hash.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/registry/registry.h"
#include "tools/nayose/registry_export.h"

namespace nayose {
namespace {

using libmpi::Registry;

// The line by a builtin: clang 14 has no std::source_location.
void Require(bool condition, int line = __builtin_LINE()) {
  if (condition) return;
  std::fprintf(stderr, "required in line %d\n", line);
  std::abort();
}

// What an input may be refused with; anything else is a defect.
bool IsOfInput(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsNotFound(status);
}

bool GoOn(std::string_view, uint64_t, uint64_t) { return true; }

// Without the names, so that it is made quickly.
const libmpi::Model& SmallModel() {
  static const libmpi::Model* const model = [] {
    auto* const small = new libmpi::Model(libmpi::Model::Default());
    small->names = {};
    return small;
  }();
  return *model;
}

// A registry in a folder of its own, made when it is first asked for.
class TempRegistry {
 public:
  TempRegistry()
      : folder_((::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path().string()) +
                "/libmpi_fuzz_import." + std::to_string(::getpid())) {}
  ~TempRegistry() {
    registry_.reset();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  Registry* get() {
    if (registry_ != nullptr) return registry_.get();
    std::filesystem::remove_all(folder_);
    libmpi::RegistryOptions options;
    options.cache_bytes = 4 << 20;
    options.write_buffer_bytes = 64 << 10;
    options.clock = [] { return int64_t{1'795'834'800'000}; };
    auto created = Registry::Create(folder_, SmallModel(), libmpi::FrozenOptions(), options);
    Require(created.ok());
    registry_ = *std::move(created);
    return registry_.get();
  }
  bool made() const { return registry_ != nullptr; }
  void RequireSound() {
    const auto findings = get()->Verify(1, nullptr);
    Require(findings.ok() && findings->empty());
  }

 private:
  const std::string folder_;
  std::unique_ptr<Registry> registry_;
};

// Calls visit(line) with every line that says something.
template <typename Visit>
uint64_t ForEachLine(std::string_view text, const Visit& visit) {
  uint64_t lines = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ++lines;
    visit(line);
  }
  return lines;
}

void Import(std::string_view text, bool verify) {
  const auto exported = RegistryExport::Parse(std::string(text), "input", 1);
  if (!exported.ok()) return Require(absl::IsInvalidArgument(exported.status()));
  constexpr uint64_t kHeaderAndEnd = 2;
  Require(ForEachLine(text, [](std::string_view) {}) ==
          kHeaderAndEnd + exported->size() + exported->held().size() + exported->decisions().size() +
              exported->authorities().size());
  TempRegistry registry;
  uint64_t not_held = 0;
  const absl::Status status = ImportRegistry(*exported, {"fuzzer", ""}, 1, GoOn, registry.get(), &not_held);
  Require(status.ok() || IsOfInput(status));
  uint64_t all = 0, live = 0;
  Require(registry.get()
              ->ForEachRecord([&](const libmpi::Record&, libmpi::RecordStatus is) {
                ++all;
                live += is == libmpi::RecordStatus::kLive;
                return true;
              })
              .ok());
  const auto stats = registry.get()->GetStats();
  Require(stats.ok() && stats->records == live);
  if (status.ok()) {
    Require(all == exported->size());
    Require(live == all - exported->merges().size() - exported->retired().size());
  }
  if (verify) registry.RequireSound();
}

void PutLines(std::string_view text, bool verify) {
  TempRegistry registry;
  uint64_t accepted = 0, refused = 0, rejected = 0, events = 0;
  std::set<libmpi::RecordKey> keys;
  const uint64_t lines = ForEachLine(text, [&](std::string_view line) {
    const auto record = libmpi::RecordOfJson(nlohmann::json::parse(line, nullptr, false));
    if (!record.ok()) {
      ++rejected;
      return Require(absl::IsInvalidArgument(record.status()));
    }
    const auto answer = registry.get()->Put(*record, {"fuzzer", ""});
    if (!answer.ok()) {
      ++refused;
      return Require(IsOfInput(answer.status()));
    }
    ++accepted;
    events += answer->event != 0;
    keys.insert(record->key);
    const auto found = registry.get()->Find(record->key);
    Require(found.ok() && found->person == answer->person);
  });
  Require(lines == accepted + refused + rejected);
  if (!registry.made()) return;
  const auto stats = registry.get()->GetStats();
  Require(stats.ok() && stats->records == keys.size() && stats->events == events);
  if (verify) registry.RequireSound();
}

}  // namespace
}  // namespace nayose

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr uint64_t kOneOf = 8;
  const bool verify = libmpi::HashBytes(text) % kOneOf == 0;
  nayose::Import(text, verify);
  nayose::PutLines(text, verify);
  return 0;
}
