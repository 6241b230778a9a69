// SPDX-License-Identifier: Apache-2.0
// Where a long run keeps what its stages made, so that a killed run goes on from there.
#ifndef LIBMPI_BASE_STAGE_STORE_H_
#define LIBMPI_BASE_STAGE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "absl/status/status.h"

namespace libmpi {

// The bytes of one finished stage, from the first to the last. Not thread-safe.
class StageReader {
 public:
  virtual ~StageReader() = default;
  // Bytes that were not read yet.
  virtual uint64_t remaining() const = 0;
  // The next `size` bytes; false where there are fewer, or where they can't be read.
  virtual bool Read(void* to, size_t size) = 0;
};

// Stages of one run by name. The caller sees to it that a store is given again only to the same run: the
// same records, and a program that works the same way. Save may be called from two threads at once, for
// different stages.
class StageStore {
 public:
  virtual ~StageStore() = default;
  // Keeps the pieces, one after the other, under the stage's name: all of them or, where this fails or the
  // process ends, nothing. A run goes on without a stage that could not be kept.
  virtual absl::Status Save(std::string_view stage, std::span<const std::string_view> pieces) = 0;
  // What was saved, byte for byte; null where the stage was not finished, or is damaged.
  virtual std::unique_ptr<StageReader> Load(std::string_view stage) = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_BASE_STAGE_STORE_H_
