// SPDX-License-Identifier: Apache-2.0
// What stewards did in some time, counted. Pure: the events alone decide.
#ifndef LIBMPI_NETWORK_DESK_STATISTICS_H_
#define LIBMPI_NETWORK_DESK_STATISTICS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace libmpi {

struct HistoryEvent;
struct DeskAct;

struct DeskEvent {
  enum class Kind : uint8_t {
    kSame, kDifferent,      // decided of two records
    kAccepted, kRefused,    // a revision that was held
    kUndone,                // a decision or a word, by whoever
    kProposed, kDisputed,   // with four eyes: said, and nothing decided yet
    kSeconded,              // beside the decision that it made
  };
  int64_t unix_milliseconds = 0;
  std::string actor;
  Kind kind = Kind::kSame;
};

// What an event of the history, or an act at the desk that the history has nothing of, counts as; nothing: not a
// steward's.
std::optional<DeskEvent> DeskEventOf(const HistoryEvent& event);
std::optional<DeskEvent> DeskEventOf(const std::string& actor, const DeskAct& act);

struct StewardCounts {
  std::string actor;        // empty: of all together
  uint64_t same = 0, different = 0, accepted = 0, refused = 0, undone = 0, proposed = 0, disputed = 0, seconded = 0;
  // Between one answer and the next, over an hour left out as a pause; nothing where there is no such time.
  std::optional<int64_t> median_milliseconds;
  uint64_t decided() const { return same + different + accepted + refused; }
  auto operator<=>(const StewardCounts&) const = default;
};

struct DeskStatistics {
  std::vector<StewardCounts> stewards;  // by name
  StewardCounts all;
  // Now: questions and held revisions that wait, and of these with a word that waits for another's, and disputed.
  uint64_t questions = 0, held = 0, proposals = 0, disputes = 0;
};

// Counts those from a moment on until before another, in any order. O(n log n).
DeskStatistics CountDesk(std::span<const DeskEvent> events, int64_t from, int64_t until);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_DESK_STATISTICS_H_
