// SPDX-License-Identifier: Apache-2.0
// Learning the mixture of pair classes from pattern counts, without labels.
#ifndef LIBMPI_LINKAGE_EXPECTATION_MAXIMIZATION_H_
#define LIBMPI_LINKAGE_EXPECTATION_MAXIMIZATION_H_

#include <span>
#include <vector>

#include "libmpi/linkage/model.h"
#include "libmpi/linkage/pattern_counts.h"

namespace libmpi {

struct EmOptions {
  // Pseudo-counts of the starting table a comparability group, and, since a
  // handful is nothing against a hundred million pairs, a share of the
  // class's own mass in the group (design "Comparing" 8).
  double pseudo_counts = 50;
  double pseudo_share = 0.02;
  // The same for the comparisons that tell the other classes apart: names; half of it
  // for the card.
  double firm_share = 1.0;
  // And for the birth date: how often two persons share one by chance is arithmetic, and persons of
  // whom all but name and birth date has changed must not teach that namesakes share birthdays.
  double birth_share = 3.0;
  // The class of matches that almost all matches are of: the data tell its tables. Other classes of
  // matches have its tables where they start with them.
  size_t main_match = 0;
  // The class that almost all pairs are of: so many tell its tables that its start has no share.
  size_t free_class = SIZE_MAX;
  // By class, whether pairs that blocking does not bring together cannot be of it; empty: they can.
  // Each of these pairs stands for many thousand: one that looks like a twin would make a class of
  // some hundred pairs its own.
  std::vector<bool> blocked_only;
  int max_rounds = 300;
  double tolerance = 1e-5;  // change of mean log likelihood a round
  // Pairs that the mean is over; 0: all of them. Those of the free class are no news.
  double telling_pairs = 0;
  int threads = 1;
};

struct EmResult {
  std::vector<PairClass> classes;
  int rounds = 0;
  double log_likelihood = 0;  // mean, in bits a pair
  bool converged = false;
};

// Maximum a posteriori by EM (Dempster, Laird and Rubin 1977) for a latent
// class model whose classes are independent over comparisons, levels
// normalised within what could be compared. Starts from `start`: no random start. Bit-equal for any
// number of threads. O(rounds * patterns * classes * comparisons).
EmResult MaximizeExpectation(std::span<const PatternCount> counts,
                             std::span<const PairClass> start, const EmOptions& options);

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_EXPECTATION_MAXIMIZATION_H_
