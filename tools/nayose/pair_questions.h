// SPDX-License-Identifier: Apache-2.0
// Pairs to be asked about, as the CSV file that questions and answers are kept in.
#ifndef LIBMPI_TOOLS_NAYOSE_PAIR_QUESTIONS_H_
#define LIBMPI_TOOLS_NAYOSE_PAIR_QUESTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/nayose/run_pairs.h"

namespace nayose {

struct PairQuestion {
  uint32_t a = 0, b = 0;
  double weight = 0;  // bits
  std::string stratum;
  double stands_for = 1;
  std::string decision;  // same, different, unsure, or nothing yet
};

// record_a,source_a,record_b,source_b,match_weight,match_probability,stratum,sampling_weight,decision
extern const char kQuestionHeader[];
// One line, with its end, and `more` fields before the end.
std::string QuestionLine(const RunPairs& run, const PairQuestion& question, const std::string& more = "");

// Questions (or answers) from a file with at least the columns of the two records; records of other
// runs are left out and counted. kInvalidArgument with the line where a decision is none.
absl::StatusOr<std::vector<PairQuestion>> ReadQuestions(const std::string& path, const RunPairs& run,
                                                        size_t* absent);

// `count` pairs that teach most, in the order in which to ask: the first ones are a sample by themselves.
absl::StatusOr<std::vector<PairQuestion>> ChooseTeachingPairs(const RunPairs& run, size_t count, uint64_t seed);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_PAIR_QUESTIONS_H_
