// SPDX-License-Identifier: Apache-2.0
// How many entries messages of nobody may leave in the audit trail, which only grows. Internal to libmpi/pix.
#ifndef LIBMPI_PIX_STRANGER_ENTRIES_H_
#define LIBMPI_PIX_STRANGER_ENTRIES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace libmpi::pix {

// Minutes begin with the first message after the one before has ended. Thread-safe. Memory: of one minute at most
// `of_all` addresses; messages of further ones are counted together, under the address "".
class StrangerEntries {
 public:
  struct Bounds {
    size_t of_address = 0;  // a minute
    size_t of_all = 0;
  };
  struct LeftOut {
    std::string address;
    uint64_t messages = 0;
    bool operator==(const LeftOut&) const = default;
  };
  static constexpr int64_t kMinute = 60'000;

  explicit StrangerEntries(Bounds bounds) : bounds_(bounds) {}
  // Whether a message from there leaves an entry; if not, it is counted.
  bool Take(const std::string& address, int64_t now);
  // Of whom messages were left out, where the minute is over; each is told once. Before Take().
  std::vector<LeftOut> TakeLeftOut(int64_t now);
  // The same, of the minute that goes on too.
  std::vector<LeftOut> TakeAllLeftOut();

 private:
  struct Messages {
    size_t noted = 0;
    uint64_t left_out = 0;
  };
  std::vector<LeftOut> EndLocked();

  const Bounds bounds_;
  std::mutex mutex_;
  int64_t began_ = 0;
  size_t noted_ = 0;
  std::map<std::string, Messages> of_address_;
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_STRANGER_ENTRIES_H_
