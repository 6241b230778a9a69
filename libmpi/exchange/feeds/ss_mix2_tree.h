// SPDX-License-Identifier: Apache-2.0
// SS-MIX2's trees: which files of a storage say who its patients are, and what they say.
#ifndef LIBMPI_EXCHANGE_FEEDS_SS_MIX2_TREE_H_
#define LIBMPI_EXCHANGE_FEEDS_SS_MIX2_TREE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/exchange/feeds/ss_mix2_state.h"

namespace libmpi {

// Of a folder. The extended storage has the same three levels of patients, and below them documents of any kind.
enum class SsMix2Storage : uint8_t { kNone, kStandard, kExtended };

// By what stands in the first folders below it; looks at some dozens of them at most.
SsMix2Storage DetectSsMix2(const std::string& folder);

struct SsMix2TreeOptions {
  int threads = 0;  // 0: all cores
  // Folders of more entries are not read: that is reported as a problem of the patient's folder, or of the level above.
  size_t max_entries = 1'000'000;
  size_t patients_at_a_time = 4096;  // in memory
};

// What a walk found.
struct SsMix2Counts {
  uint64_t patients = 0;
  uint64_t files = 0;               // given: those that count, and are new or changed
  uint64_t unchanged = 0;           // of those that count
  uint64_t withdrawn = 0;           // patients whose newest ADT-00 deletes
  uint64_t by_other_data = 0;       // patients without ADT-00, whose PID another message says
  uint64_t silent = 0;              // patients of whom no file says anything
  uint64_t extended_documents = 0;  // of the patients without ADT-00
  uint64_t left_out = 0;            // links, and files whose name is none of SS-MIX2 or of another patient
  uint64_t problems = 0;
};

struct SsMix2File {
  std::string path;  // below the root
  FileStamp stamp;
  std::string problem;  // not empty: why the path, a folder or a file, could not be read
};

// Takes what Read() finds, in the order of the patients' folders. Never called by two threads at once.
class SsMix2Sink : public FeedSink {
 public:
  // What comes after it is of this file, whose path is below the root.
  virtual void Begin(std::string_view path) = 0;
};

// ROOT/pat/ien/patient/date/datatype/files. Of each patient one file counts:
//   - the newest ADT-00 (by the time in its name) with condition 1 or 0; those with 2 were replaced. Other folders of
//     such a patient are not looked into;
//   - where there is no ADT-00 at all, the newest message of another ADT datatype, else of any other, that was not
//     deleted or replaced: it has a PID too.
// Links are not followed below the root, and no folder below the datatype's is entered. A batch of patients is in
// memory at a time. The result does not depend on the number of threads.
class SsMix2Tree {
 public:
  // kNotFound, kPermissionDenied; kInvalidArgument: no folder.
  static absl::StatusOr<SsMix2Tree> Open(std::string root, const SsMix2TreeOptions& options = {});
  SsMix2Tree(SsMix2Tree&& other) noexcept;
  SsMix2Tree& operator=(SsMix2Tree&&) = delete;
  ~SsMix2Tree();

  // Gives the files that count and are not in `before`, by batches; `after` becomes the state of this run: what counts
  // now, given or not. What could not be read is not in it.
  using TakeFiles = std::function<absl::Status(const std::vector<SsMix2File>&)>;
  absl::StatusOr<SsMix2Counts> Walk(const SsMix2State& before, SsMix2State* after, const TakeFiles& take) const;

  // And reads them (NewSsMix2Parser) on all threads. Problems, and files that are none of HL7, are refused in the sink.
  absl::StatusOr<SsMix2Counts> Read(const FeedOptions& options, const SsMix2State& before, SsMix2State* after,
                                    SsMix2Sink* sink) const;

 private:
  SsMix2Tree(std::string root, int folder, const SsMix2TreeOptions& options)
      : root_(std::move(root)), folder_(folder), options_(options) {}

  std::string root_;
  int folder_;  // a descriptor
  SsMix2TreeOptions options_;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_SS_MIX2_TREE_H_
