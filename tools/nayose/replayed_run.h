// SPDX-License-Identifier: Apache-2.0
// A finished run opened again with its records and its model.
#ifndef LIBMPI_TOOLS_NAYOSE_REPLAYED_RUN_H_
#define LIBMPI_TOOLS_NAYOSE_REPLAYED_RUN_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libmpi/linkage/replay.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/state_records.h"

namespace nayose {

// What explaining, blocking recall, kinds of errors, calibration and questions to a person need. Not movable: parts borrow others.
class ReplayedRun {
 public:
  // `two_lists`: of nayose link. kNotFound where the run kept no state; warns on standard error where
  // model.json was changed since.
  static absl::StatusOr<std::unique_ptr<ReplayedRun>> Open(const std::string& directory, bool two_lists);
  ReplayedRun(const ReplayedRun&) = delete;
  ReplayedRun& operator=(const ReplayedRun&) = delete;

  const SavedRun& saved() const { return saved_; }
  // Whether model.json is another than the run's.
  bool model_changed() const { return model_changed_; }
  const StateRecords& records() const { return records_; }
  // Of the run, with its model.
  const libmpi::LinkOptions& options() const { return options_; }
  libmpi::FixedWeight match_threshold() const { return libmpi::ToFixedWeight(saved_.match_threshold); }
  const libmpi::PairExplainer& explainer() const { return *explainer_; }
  libmpi::Explanation Explain(uint32_t a, uint32_t b) const;
  // Blocks and scores, made when first asked for: that takes as long as the run took to standardize.
  absl::StatusOr<libmpi::Replay*> replay();

 private:
  ReplayedRun() = default;
  SavedRun saved_;
  StateRecords records_;
  libmpi::Model model_;
  libmpi::LinkOptions options_;
  bool two_lists_ = false, model_changed_ = false;
  std::optional<libmpi::PairExplainer> explainer_;
  std::unique_ptr<libmpi::Replay> replay_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPLAYED_RUN_H_
