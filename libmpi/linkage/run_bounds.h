// SPDX-License-Identifier: Apache-2.0
// What bounds a run whatever its records are, and how it says what a bound left out. Usual data are far below all
// of them (a million records of a region: 17 pairs of blocks, 0.8 edges, 0.007 review cases a record).
#ifndef LIBMPI_LINKAGE_RUN_BOUNDS_H_
#define LIBMPI_LINKAGE_RUN_BOUNDS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace libmpi {

// Pairs of blocks that stayed common after all refinements, before repeats are suppressed.
inline uint64_t MostRefinedPairs(size_t records) { return std::max<uint64_t>(20'000'000, 100 * uint64_t{records}); }

// Pairs whose weights are kept after scoring, and edges between records.
inline uint64_t MostEdges(size_t records) { return std::max<uint64_t>(2'000'000, 10 * uint64_t{records}); }

// Cases of the review list: nobody answers as many.
inline uint64_t MostReviewCases(size_t records) { return std::max<uint64_t>(100'000, records / 20); }

// Records that say the same beyond which a person should see why.
inline constexpr uint64_t kManyRepeats = 1000;

// Of components that were too large to look at all their pairs.
struct CutComponents {
  uint64_t count = 0;       // of components
  uint64_t beyond = 0;      // of more different records than this
  uint64_t left_apart = 0;  // different records that no threshold told apart, each a cluster of its own
};

// Counts of what was left out; all 0 on usual data.
struct LeftOut {
  uint64_t edges = 0;          // weakest pairs above the lowest weight of interest
  uint64_t repeat_edges = 0;   // between repeats of pairs that are kept
  uint64_t review_links = 0;   // links for review that are in none of the listed cases
  uint64_t review_cases = 0;   // listed
};

// One sentence each, empty where there is nothing to say.
std::string CutWarning(const CutComponents& cut);
std::vector<std::string> LeftOutWarnings(const LeftOut& left);
// `largest`: records of the largest group that say the same; `groups`: such groups beyond kManyRepeats;
// `say_nothing`: the largest says nothing at all.
std::string RepeatsWarning(uint64_t groups, uint64_t largest, bool say_nothing);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_RUN_BOUNDS_H_
