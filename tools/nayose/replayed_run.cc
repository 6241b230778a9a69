// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/replayed_run.h"

#include <cstdio>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/output_file.h"
#include "tools/nayose/common_options.h"

namespace nayose {

absl::StatusOr<std::unique_ptr<ReplayedRun>> ReplayedRun::Open(const std::string& directory, bool two_lists) {
  std::unique_ptr<ReplayedRun> run(new ReplayedRun());
  LIBMPI_ASSIGN_OR_RETURN(run->saved_, ReadState(directory));
  std::string text;
  LIBMPI_ASSIGN_OR_RETURN(text, libmpi::ReadSmallFile(directory + "/model.json"));
  LIBMPI_ASSIGN_OR_RETURN(run->model_, libmpi::Model::FromJson(text));
  run->model_changed_ = ContentHash(text) != run->saved_.model_hash;
  if (run->model_changed_)
    std::fprintf(stderr, "nayose: %s/model.json was changed since the run; weights are what it says now\n",
                 directory.c_str());
  LIBMPI_ASSIGN_OR_RETURN(run->records_, StateRecords::Read(directory));
  run->two_lists_ = two_lists;
  LIBMPI_ASSIGN_OR_RETURN(run->options_, OptionsOf(run->saved_));
  run->options_.model = &run->model_;
  auto explainer = libmpi::PairExplainer::Create(run->model_, run->options_);
  if (!explainer.ok()) return explainer.status();
  run->explainer_.emplace(*std::move(explainer));
  return run;
}

libmpi::Explanation ReplayedRun::Explain(uint32_t a, uint32_t b) const {
  libmpi::Record x, y;
  records_.Get(a, &x);
  records_.Get(b, &y);
  return explainer_->Explain(x, y);
}

absl::StatusOr<libmpi::Replay*> ReplayedRun::replay() {
  if (replay_ == nullptr) {
    std::optional<size_t> new_count;
    if (two_lists_) new_count = records_.new_count();
    LIBMPI_ASSIGN_OR_RETURN(
        replay_, libmpi::Replay::Create(
                     records_.size(), [this](size_t i, libmpi::RecordView* out) { records_.Get(i, out); }, options_,
                     new_count));
  }
  return replay_.get();
}

}  // namespace nayose
