// SPDX-License-Identifier: Apache-2.0
// Which files of an SS-MIX2 tree were read already, and how they were then.
#ifndef LIBMPI_EXCHANGE_FEEDS_SS_MIX2_STATE_H_
#define LIBMPI_EXCHANGE_FEEDS_SS_MIX2_STATE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace libmpi {

// By what a file is known to be the same.
struct FileStamp {
  uint64_t bytes = 0;
  int64_t modified = 0;  // nanoseconds since 1970
  bool operator==(const FileStamp&) const = default;
};

// Paths are kept as hashes of 128 bits: they have patients' numbers in them. 32 bytes a file.
class SsMix2State {
 public:
  // A file that is not there is an empty state. kDataLoss: it is damaged, or of another version; without it the whole
  // tree is read again.
  static absl::StatusOr<SsMix2State> Load(const std::string& path);
  // Mode 0600; the file before stays until this one is whole.
  absl::Status Save(const std::string& path) const;

  // `path`: below the tree's root.
  bool Holds(std::string_view path, const FileStamp& stamp) const;
  void Set(std::string_view path, const FileStamp& stamp);
  size_t size() const { return stamps_.size(); }
  bool operator==(const SsMix2State&) const = default;

 private:
  struct Key {
    uint64_t high = 0, low = 0;
    auto operator<=>(const Key&) const = default;
    template <typename H>
    friend H AbslHashValue(H h, const Key& key) {
      return H::combine(std::move(h), key.high, key.low);
    }
  };
  static Key KeyOf(std::string_view path);
  absl::flat_hash_map<Key, FileStamp> stamps_;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_SS_MIX2_STATE_H_
