// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/frozen_model.h"

#include <algorithm>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/linkage/explain_scored.h"
#include "libmpi/linkage/record_encoder.h"

namespace libmpi {
namespace {

Thresholds ThresholdsOf(const FrozenOptions& options) {
  LinkOptions told;
  told.preset = options.preset;
  told.match_threshold = options.match_threshold;
  told.review_threshold = options.review_threshold;
  return ChooseThresholds(told, {});
}

}  // namespace

FrozenModel::FrozenModel(Model model, const FrozenOptions& options)
    : model_(std::move(model)), options_(options), readings_(model_.names.Readings()), frequencies_(&model_.names),
      thresholds_(ThresholdsOf(options)),
      lowest_(std::min({kLowestReview, thresholds_.match, thresholds_.review})),
      scoring_{&model_, &readings_, &frequencies_, PopulationOf(options.population, model_), options.preset} {}

absl::StatusOr<std::shared_ptr<const FrozenModel>> FrozenModel::Make(Model model, const FrozenOptions& options) {
  LIBMPI_RETURN_IF_ERROR(model.Validate());
  return std::shared_ptr<const FrozenModel>(new FrozenModel(std::move(model), options));
}

LinkOptions FrozenModel::BatchOptions() const {
  LinkOptions batch;
  batch.model = &model_;
  batch.preset = options_.preset;
  batch.match_threshold = WeightBits(thresholds_.match);
  batch.review_threshold = WeightBits(thresholds_.review);
  batch.population = options_.population;
  return batch;
}

// As a RecordEncoder does, whose memory of many records would cost more than one record.
std::string FrozenModel::Pack(const Record& record, const CivilDate& today, std::vector<Finding>* findings) const {
  const Standardizer standardizer(StandardizeOptions{today, model_.insurer_check_digits}, &model_.names, &readings_);
  Features features = standardizer.Standardize(record);
  TextDictionary texts(1);
  MoreValues more;
  const EncodedRecord encoded = EncodeFeatures(features, readings_, &texts, &more);
  std::vector<uint64_t> keys;
  AppendBlockingKeys(features, TermsOf(features.names, readings_), encoded.given_initial, &keys);
  if (findings != nullptr) *findings = std::move(features.findings);
  return PackNode(encoded, more, texts, keys);
}

Explanation FrozenModel::Explain(const Record& a, const Record& b, const CivilDate& today) const {
  const Standardizer standardizer(StandardizeOptions{today, model_.insurer_check_digits}, &model_.names, &readings_);
  return ExplainScored(scoring_, standardizer, a, b);
}

std::unique_ptr<ReusedScorer> FrozenModel::TakeScorer() const {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<ReusedScorer> scorer = std::move(idle_.back());
      idle_.pop_back();
      return scorer;
    }
  }
  return std::make_unique<ReusedScorer>(scoring_);
}

void FrozenModel::GiveBack(std::unique_ptr<ReusedScorer> scorer) const {
  constexpr size_t kMostIdle = 64;
  if (scorer->full()) return;
  scorer->Clear();
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(scorer));
}

absl::StatusOr<uint32_t> PackedNodes::Add(std::string_view packed) {
  EncodedRecords& records = scorer_->records();
  LIBMPI_RETURN_IF_ERROR(UnpackNode(packed, &records.texts, &node_));
  if (node_.more != MoreValues()) {
    node_.record.more = static_cast<uint32_t>(records.more.size());
    records.more.push_back(std::move(node_.more));
    node_.more = MoreValues();
  }
  records.records.push_back(node_.record);
  extended_ = false;
  return static_cast<uint32_t>(records.records.size() - 1);
}

PairScore PackedNodes::Score(uint32_t a, uint32_t b) {
  if (!extended_) scorer_->Extend();
  extended_ = true;
  return scorer_->Score(a, b);
}

}  // namespace libmpi
