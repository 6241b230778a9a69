// SPDX-License-Identifier: Apache-2.0
// The stages that a run keeps, and those that an earlier run of the same kept.
#ifndef LIBMPI_LINKAGE_KEPT_STAGES_H_
#define LIBMPI_LINKAGE_KEPT_STAGES_H_

#include <cstdint>
#include <future>
#include <string_view>
#include <utility>

#include "libmpi/base/stage_codec.h"
#include "libmpi/base/stage_store.h"

namespace libmpi {

// Saves beside the run's work, one stage after the other. Without a store it does nothing and finds nothing.
// For one thread.
class KeptStages {
 public:
  // `run`: a hash of everything but the records that the stages depend on. Stages of another run are not found.
  KeptStages(StageStore* store, uint64_t run) : store_(store), run_(run) {}
  KeptStages(const KeptStages&) = delete;
  KeptStages& operator=(const KeptStages&) = delete;
  // Waits until all is saved.
  ~KeptStages() { Wait(); }

  bool keeping() const { return store_ != nullptr; }

  // Whether the stage was kept, and decode(StageParser*) made sense of all of it. Once one stage is missing,
  // the later ones are not looked for: what follows is computed anew.
  template <typename Decode>
  bool Load(std::string_view stage, const Decode& decode) {
    if (!keeping() || missing_) return false;
    missing_ = true;
    const std::unique_ptr<StageReader> reader = store_->Load(stage);
    if (reader == nullptr) return false;
    StageParser parser(reader.get());
    uint64_t version, run;
    if (!parser.Value(&version) || !parser.Value(&run) || version != kVersion || run != run_) return false;
    if (!decode(&parser) || !parser.AtEnd()) return false;
    missing_ = false;
    return true;
  }

  // Saves what encode(StageWriter*) writes while the caller goes on. What it borrows must stay until the future that it
  // gives is ready; there is none (valid()) where nothing is kept.
  template <typename Encode>
  std::shared_future<void> Save(std::string_view stage, const Encode& encode) {
    if (keeping()) SaveBeside(stage, Written(encode));
    return saving_;
  }
  // Until all is saved.
  void Wait();

 private:
  // Raise it whenever a stage means something else than before, though its arrays look the same.
  static constexpr uint64_t kVersion = 4;

  template <typename Encode>
  StageWriter Written(const Encode& encode) const {
    StageWriter writer;
    writer.Value(kVersion);
    writer.Value(run_);
    encode(&writer);
    return writer;
  }
  void SaveBeside(std::string_view stage, StageWriter writer);

  StageStore* const store_;
  const uint64_t run_;
  bool missing_ = false;
  std::shared_future<void> saving_;  // the last
};

}  // namespace libmpi

#endif  // LIBMPI_LINKAGE_KEPT_STAGES_H_
