// SPDX-License-Identifier: Apache-2.0
// A model with all that is made of it, ready for one record at a time.
#ifndef LIBMPI_LINKAGE_FROZEN_MODEL_H_
#define LIBMPI_LINKAGE_FROZEN_MODEL_H_

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/node_scorer.h"
#include "libmpi/linkage/packed_node.h"
#include "libmpi/linkage/thresholds.h"
#include "libmpi/record/record.h"

namespace libmpi {

// Raise it whenever the same records, decisions and model are linked otherwise than before. 2: safe holds possible twins.
// 3: whom several decisions make one person nothing else parts.
inline constexpr uint64_t kLinkageRules = 3;

// What a linkage by this model depends on besides the records and decisions.
struct FrozenOptions {
  Preset preset = Preset::kSafe;
  // In bits; nothing: those of the preset, where it can't look at links (safe: 6 bits).
  std::optional<double> match_threshold, review_threshold;
  double population = 0;  // as LinkOptions::population
};

// Immutable (but for what it remembers), thread-safe. Making one reads all names of the model (some milliseconds to a second).
class FrozenModel {
 public:
  // kInvalidArgument: Model::Validate.
  static absl::StatusOr<std::shared_ptr<const FrozenModel>> Make(Model model, const FrozenOptions& options);

  const Model& model() const { return model_; }
  const FrozenOptions& options() const { return options_; }
  const Thresholds& thresholds() const { return thresholds_; }
  // Pairs below this weight leave no edge.
  FixedWeight lowest() const { return lowest_; }
  const PairScoring& scoring() const { return scoring_; }
  // What Dedupe() must be told to link as this does, but for today and decisions; borrows the model.
  LinkOptions BatchOptions() const;

  // The node of a record that was said on the day `today` (as LinkOptions::today). Some 20 microseconds.
  std::string Pack(const Record& record, const CivilDate& today, std::vector<Finding>* findings) const;
  // Why two records have the weight they have, as PairExplainer, that were said on the day `today` or before. About a
  // millisecond.
  Explanation Explain(const Record& a, const Record& b, const CivilDate& today) const;

 private:
  friend class PackedNodes;
  FrozenModel(Model model, const FrozenOptions& options);
  // A scorer of its own for whoever asks, and back.
  std::unique_ptr<ReusedScorer> TakeScorer() const;
  void GiveBack(std::unique_ptr<ReusedScorer> scorer) const;

  const Model model_;
  const FrozenOptions options_;
  const ReadingModel readings_;
  const NameFrequencies frequencies_;
  Thresholds thresholds_;
  FixedWeight lowest_;
  PairScoring scoring_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<ReusedScorer>> idle_;  // the last one used is the last
};

// Packed nodes, to score any two of them. For one thread. Cheap to make: the model keeps for the next ones what was
// learnt of texts.
class PackedNodes {
 public:
  // Borrows the model.
  explicit PackedNodes(const FrozenModel& model) : model_(model), scorer_(model.TakeScorer()) {}
  ~PackedNodes() { model_.GiveBack(std::move(scorer_)); }
  PackedNodes(const PackedNodes&) = delete;
  PackedNodes& operator=(const PackedNodes&) = delete;

  // The number of the node, from 0 on. kDataLoss: not a node.
  absl::StatusOr<uint32_t> Add(std::string_view packed);
  PairScore Score(uint32_t a, uint32_t b);

 private:
  const FrozenModel& model_;
  std::unique_ptr<ReusedScorer> scorer_;
  UnpackedNode node_;
  bool extended_ = false;
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_FROZEN_MODEL_H_
