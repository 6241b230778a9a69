// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/run_bounds.h"

namespace libmpi {

std::string CutWarning(const CutComponents& cut) {
  if (cut.count == 0) return "";
  std::string text = std::to_string(cut.count) + " components had more than " + std::to_string(cut.beyond) +
                     " different records and were cut at a raised threshold";
  if (cut.left_apart > 0)
    text += "; " + std::to_string(cut.left_apart) +
            " different records hang together at any threshold and were left apart";
  return text + ": look in the review list and with nayose profile for values that many share";
}

std::vector<std::string> LeftOutWarnings(const LeftOut& left) {
  std::vector<std::string> warnings;
  if (left.edges > 0)
    warnings.push_back(std::to_string(left.edges) +
                       " pairs of the lowest match weights were not kept, since more than ten a record are alike: their "
                       "records may stay apart; look with nayose profile for values that many share");
  if (left.repeat_edges > 0)
    warnings.push_back(std::to_string(left.repeat_edges) +
                       " links between records that say the same are not listed one by one; their clusters are whole");
  if (left.review_links > 0)
    warnings.push_back("review.csv holds the " + std::to_string(left.review_cases) + " most valuable cases; " +
                       std::to_string(left.review_links) +
                       " more pairs for review are in none of them: raise --review-threshold, or find with nayose "
                       "profile what so many records share");
  return warnings;
}

std::string RepeatsWarning(uint64_t groups, uint64_t largest, bool say_nothing) {
  if (groups == 0) return "";
  return std::to_string(groups) + (groups == 1 ? " group" : " groups") + " of more than " +
         std::to_string(kManyRepeats) + " records say the same word for word (the largest of " +
         std::to_string(largest) + (say_nothing ? ", which say nothing that can be compared" : "") +
         "): default values, or an export that repeats itself? look at the columns with nayose profile";
}

}  // namespace libmpi
