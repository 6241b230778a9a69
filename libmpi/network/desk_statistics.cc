// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/desk_statistics.h"

#include <algorithm>
#include <map>
#include <utility>

#include "libmpi/network/review_desk.h"
#include "libmpi/registry/registry.h"

namespace libmpi {
namespace {

using Kind = DeskEvent::Kind;

constexpr int64_t kPause = 3'600'000;

uint64_t* CountOf(Kind kind, StewardCounts* counts) {
  switch (kind) {
    case Kind::kSame: return &counts->same;
    case Kind::kDifferent: return &counts->different;
    case Kind::kAccepted: return &counts->accepted;
    case Kind::kRefused: return &counts->refused;
    case Kind::kUndone: return &counts->undone;
    case Kind::kProposed: return &counts->proposed;
    case Kind::kDisputed: return &counts->disputed;
    case Kind::kSeconded: return &counts->seconded;
  }
  return &counts->undone;
}

// A second word comes with its decision, and taking back answers nothing.
bool IsAnswer(Kind kind) { return kind != Kind::kUndone && kind != Kind::kSeconded; }

std::vector<int64_t> GapsOf(std::vector<int64_t> times) {
  std::ranges::sort(times);
  std::vector<int64_t> gaps;
  for (size_t i = 1; i < times.size(); ++i)
    if (const int64_t gap = times[i] - times[i - 1]; gap <= kPause) gaps.push_back(gap);
  return gaps;
}

// The middle one; of two the lower.
std::optional<int64_t> MedianOf(std::vector<int64_t> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

std::optional<DeskEvent> DeskEventOf(const HistoryEvent& event) {
  DeskEvent out{event.unix_milliseconds, event.by.actor, Kind::kSame};
  switch (event.kind) {
    case EventKind::kDecided: out.kind = event.detail == "same" ? Kind::kSame : Kind::kDifferent; break;
    case EventKind::kUndecided: out.kind = Kind::kUndone; break;
    case EventKind::kAccepted: out.kind = Kind::kAccepted; break;
    case EventKind::kRefused:
      if (!event.detail.empty()) return std::nullopt;  // the facility put again what was accepted
      out.kind = Kind::kRefused;
      break;
    default: return std::nullopt;
  }
  return out;
}

std::optional<DeskEvent> DeskEventOf(const std::string& actor, const DeskAct& act) {
  DeskEvent out{act.unix_milliseconds, actor, Kind::kProposed};
  switch (act.kind) {
    case DeskAct::Kind::kDecided: return std::nullopt;
    case DeskAct::Kind::kProposed: break;
    case DeskAct::Kind::kSeconded: out.kind = Kind::kSeconded; break;
    case DeskAct::Kind::kDisputed: out.kind = Kind::kDisputed; break;
    case DeskAct::Kind::kUndone:
      if (act.event != 0) return std::nullopt;
      out.kind = Kind::kUndone;
      break;
  }
  return out;
}

DeskStatistics CountDesk(std::span<const DeskEvent> events, int64_t from, int64_t until) {
  std::map<std::string, StewardCounts> by_actor;
  std::map<std::string, std::vector<int64_t>> times;
  DeskStatistics out;
  for (const DeskEvent& event : events) {
    if (event.unix_milliseconds < from || event.unix_milliseconds >= until) continue;
    ++*CountOf(event.kind, &by_actor[event.actor]);
    ++*CountOf(event.kind, &out.all);
    if (IsAnswer(event.kind)) times[event.actor].push_back(event.unix_milliseconds);
  }
  std::vector<int64_t> all_gaps;
  for (auto& [actor, counts] : by_actor) {
    const std::vector<int64_t> gaps = GapsOf(times[actor]);
    all_gaps.insert(all_gaps.end(), gaps.begin(), gaps.end());
    counts.actor = actor;
    counts.median_milliseconds = MedianOf(gaps);
    out.stewards.push_back(std::move(counts));
  }
  out.all.median_milliseconds = MedianOf(std::move(all_gaps));
  return out;
}

}  // namespace libmpi
