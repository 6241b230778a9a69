// SPDX-License-Identifier: Apache-2.0
// What was learned about how records of one person agree, and of others.
#ifndef LIBMPI_LINKAGE_MODEL_H_
#define LIBMPI_LINKAGE_MODEL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/comparison.h"
#include "libmpi/record/standardize.h"

namespace libmpi {

// One latent class of record pairs: one of the ways in which records of one person come to differ,
// or in which records of two persons come to agree (design "Comparing" 4). The first class of
// matches is the one that almost all matches are of.
struct PairClass {
  std::string name;        // "match", "match_moved", "unrelated", "household", ...
  bool is_match = false;
  // Expected number of blocked pairs of this class in a population of
  // Model::records records, over the same for all classes: shares sum to 1.
  double share = 0;
  // probability[c][l]: P(level l of comparison c | class, blocked), summing to
  // 1 within each comparability group of the comparison. Null levels hold 1.
  std::vector<std::vector<double>> probability;
  // Whether agreement of the names is by chance in this class, so that a rare
  // name makes it less likely (and a common one more).
  bool family_by_chance = false;
  bool given_by_chance = false;
};

// What labels put right of the match weights (calibration.h); nothing unless they did.
struct Calibration {
  double intercept = 0;  // bits
  double slope = 1;
  double low = 0, high = 0;  // bits: where the labels speak
  bool operator==(const Calibration&) const = default;
};

// Immutable once trained or loaded; thread-safe. A value: copies are cheap to reason about,
// not cheap to make (name counts).
struct Model {
  static constexpr int kVersion = 1;  // of the file format
  int version = kVersion;
  std::string tables_version;   // FoldTablesVersion() it was made with
  uint64_t records = 0;         // N0: the number of records the shares speak of
  uint64_t persons = 0;         // estimated persons among them
  uint64_t training_pairs = 0;  // candidate pairs that EM saw
  bool shareable = false;       // rare names dropped
  std::vector<PairClass> classes;
  NameCounts names;             // frozen: splits, swaps, readings, frequencies
  double frequency_strength = 0;
  std::optional<Calibration> calibration;  // of the match weight, before caps
  // Whether the data's insurer numbers carry check digits: most do, made-up ones do not.
  bool insurer_check_digits = true;

  // The shipped model, trained on a synthetic region (data/default_model.json).
  static const Model& Default();

  // Parses a model file and validates it. kInvalidArgument says which entry makes no sense and where
  // it stands; what the file has and the format does not (a misspelt key) is refused as well.
  static absl::StatusOr<Model> FromJson(std::string_view json);

  // Whether the model can be linked with, as FromJson asks of every file: kInvalidArgument for
  // probabilities outside (0, 1], groups or shares that do not sum to 1, classes of matches
  // or of non-matches only, repeated class names, more persons than records, another version or other folding tables.
  absl::Status Validate() const;

  // Readable JSON, every probability by class, comparison and level name. Numbers are written in
  // full: FromJson gives back every bit, so that a saved model links as the one in memory does.
  // `shareable` drops names that fewer than 10 records bear.
  std::string ToJson(bool shareable = false) const;

  // A table for people: per comparison and level the m- and u-probabilities
  // and the match weight.
  std::string Describe() const;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_MODEL_H_
