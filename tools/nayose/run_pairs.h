// SPDX-License-Identifier: Apache-2.0
// The pairs of a finished run that a person may be asked about, compared again from its state/.
#ifndef LIBMPI_TOOLS_NAYOSE_RUN_PAIRS_H_
#define LIBMPI_TOOLS_NAYOSE_RUN_PAIRS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/evaluation/unlinked_pairs.h"
#include "libmpi/linkage/linker.h"
#include "tools/nayose/replayed_run.h"

namespace nayose {

// Pairs below it are not asked about: fewer than one in a thousand is a match.
inline constexpr double kLowestAsked = -10;

struct RunPair {
  uint32_t a = 0, b = 0;  // a < b; by key order
  double weight = 0;      // bits; 0 where not `linked`
  bool linked = true;     // compared by the run, and not below kLowestAsked
  bool found = false;     // in one cluster
};

struct RunPairs {
  std::unique_ptr<ReplayedRun> run;
  std::vector<libmpi::Record> records;  // in key order
  std::vector<uint32_t> cluster;        // by record, numbered by first record
  std::vector<RunPair> pairs;           // those `linked`, as links.csv lists them with --all-links, by (a, b)
  // Of one cluster, but never compared or below kLowestAsked. Exact repeats beyond the thirtieth, which are linked to their first
  // record only, stand in none but that pair.
  libmpi::UnlinkedPairs unlinked;
  double deeper = 0;                    // candidate pairs below kLowestAsked

  // The pair of two records a < b, whether `linked` or `unlinked`; nothing where it is neither.
  std::optional<RunPair> Find(uint32_t a, uint32_t b) const;
  libmpi::Explanation Explain(uint32_t a, uint32_t b) const {
    return run->explainer().Explain(records[a], records[b]);
  }
  // A random number that the pair keeps, for `seed`.
  uint64_t RandomOf(const RunPair& pair, uint64_t seed) const;

 private:
  friend absl::StatusOr<RunPairs> ReadRunPairs(const std::string& directory);
  std::vector<bool> paired_;  // by record: not a repeat beyond the thirtieth
};

// Reads state/, model.json and clusters.csv of a run of dedupe and compares its candidate pairs again.
// kNotFound, kFailedPrecondition with what to do.
absl::StatusOr<RunPairs> ReadRunPairs(const std::string& directory);

// The stratum of a pair: whether it was found, and its match weight in steps, e.g. "found_10_to_15",
// "apart_-2_to_-1", "found_unlinked" (one cluster, never compared or below kLowestAsked).
std::string StratumOf(const RunPair& pair);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_RUN_PAIRS_H_
