// SPDX-License-Identifier: Apache-2.0
// Which messages were accepted, so that one that comes again is known. Internal to libmpi/pix.
#ifndef LIBMPI_PIX_RECEIPTS_H_
#define LIBMPI_PIX_RECEIPTS_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/pix/feed.h"
#include "libmpi/registry/registry.h"

namespace libmpi::pix {

struct Receipt {
  std::string content_hash;
  std::string answer;
  int64_t unix_milliseconds = 0;
};

// Thread-safe.
class Receipts {
 public:
  struct Bounds {
    int64_t milliseconds = 0;  // how long one is kept
    uint64_t most = 0;
  };
  // Borrows the registry.
  Receipts(Registry* registry, Bounds bounds) : registry_(*registry), bounds_(bounds) {}

  // Nothing where no message of that id was accepted from the party, or not lately. O(log receipts).
  absl::StatusOr<std::optional<Receipt>> Find(const std::string& party, const std::string& message_id) const;
  // Writes one, in the commit of what the message did, and takes away two that are too old or too many. kAlreadyExists:
  // there is one, which makes the commit void.
  SideChange Write(const std::string& party, const MessageId& message);

 private:
  absl::Status Add(const std::string& party, const MessageId& message, SideRows* rows);
  absl::Status RemoveOld(int64_t now, uint64_t* count, SideRows* rows);

  Registry& registry_;
  const Bounds bounds_;
  std::mutex mutex_;
  std::string oldest_;  // no receipt is older than this key by time: those before it were taken away
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_RECEIPTS_H_
