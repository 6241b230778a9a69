// SPDX-License-Identifier: Apache-2.0
// What is left of answers that did not fit on a page. Internal to libmpi/pix.
#ifndef LIBMPI_PIX_CONTINUATIONS_H_
#define LIBMPI_PIX_CONTINUATIONS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/record/record.h"

namespace libmpi::pix {

// Who matched a demographics question, best first, by a record of theirs; what is told of them is read page by page.
struct Matches {
  struct Match {
    RecordKey record;
    double weight = 0, probability = 0;
  };
  std::vector<Match> matches;
  std::vector<std::string> domains;  // by name, whose identifiers are told; empty: all
  size_t page = 0;
  std::string tag;
  bool incomplete = false;           // more fit
};

// Where to go on.
struct Continuation {
  std::shared_ptr<const Matches> matches;
  size_t from = 0;
};

// Thread-safe. In memory: they end with the process.
class Continuations {
 public:
  struct Bounds {
    int64_t milliseconds = 0;  // how long one is kept
    size_t most = 0;           // of one party; the oldest goes first
    size_t most_of_all = 0;
  };
  explicit Continuations(Bounds bounds) : bounds_(bounds) {}

  // A name that nobody can guess, 32 hexadecimal digits.
  absl::StatusOr<std::string> Keep(const std::string& party, Continuation continuation, int64_t now);
  // Nothing: unknown, another party's, or expired.
  std::optional<Continuation> Find(const std::string& party, const std::string& name, int64_t now);
  // Forgets those of a party's question; whether there were any.
  bool Cancel(const std::string& party, const std::string& tag, int64_t now);

 private:
  struct Kept {
    std::string party;
    Continuation continuation;
    int64_t until = 0;
  };
  void Expire(int64_t now);
  void RemoveOldestOf(const std::string& party);
  void Remove(const std::string& name);

  const Bounds bounds_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;        // by name
  std::deque<std::string> by_age_;          // names, the oldest first; those gone already among them
  std::map<std::string, size_t> of_party_;  // how many
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_CONTINUATIONS_H_
