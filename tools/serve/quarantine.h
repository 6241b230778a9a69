// SPDX-License-Identifier: Apache-2.0
// Where messages wait for a person that were refused and that sending again will not help: as they came, so that they
// can be looked at, mended and handed in again. Also the server's own notifications (ITI-10) that a party refused.
//
// A folder, for its owner's eyes alone:
//   N.hl7          the message's bytes, perhaps mended
//   N.json         when, from whom and why (QuarantineAbout); no patient's data. A message is there where this is.
//   replay/N       a command asks the server to take the message again; replay/N.outcome: what became of it
//   done/          those that were accepted then
//   lock           held by a command, or by the server where it moves files: never while a message is being answered
#ifndef LIBMPI_TOOLS_SERVE_QUARANTINE_H_
#define LIBMPI_TOOLS_SERVE_QUARANTINE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace nayose {

struct QuarantineProblem {
  std::string fault;   // pix::FaultName()
  uint64_t which = 0;
  std::string text;
  bool operator==(const QuarantineProblem&) const = default;
};

// What became of a message when it was handed in again.
struct ReplayOutcome {
  int64_t unix_milliseconds = 0;
  std::string code, reason;
  bool accepted = false;
  bool operator==(const ReplayOutcome&) const = default;
};

struct QuarantineAbout {
  uint64_t number = 0;
  bool outgoing = false;             // a notification to `party` at `peer`, who refused it
  int64_t unix_milliseconds = 0;
  std::string listener, peer, party;
  std::vector<std::string> parties;  // that were allowed to speak there; empty: any
  std::string control_id, type, code, reason;
  std::vector<QuarantineProblem> problems;
  std::string encoding;              // where its MSH-18 does not say: "CP932" ...
  bool believe_msh18 = true;
  uint64_t bytes = 0;
  uint32_t fixed = 0;                // how often it was mended
  std::vector<ReplayOutcome> replays;
  bool operator==(const QuarantineAbout&) const = default;
};

std::string ToJson(const QuarantineAbout& about);
absl::StatusOr<QuarantineAbout> QuarantineAboutOfJson(std::string_view text);

struct QuarantineOptions {
  std::string folder;
  size_t most = 1000;
  int64_t days = 30;                 // 0: for good
  std::function<int64_t()> clock;    // milliseconds since 1970; null: the system's
};

// The server's part. Thread-safe.
class Quarantine {
 public:
  explicit Quarantine(QuarantineOptions options);
  // Makes the folder, and takes up what is there.
  absl::Status Open();
  // From now on so many, and so long.
  void SetBounds(size_t most, int64_t days);
  // Keeps a message; it is on disk on return. Its number: a new one, or that of the same bytes of the same party that
  // wait already (a sender that tries again all day is not to push out the others).
  absl::StatusOr<uint64_t> Put(QuarantineAbout about, std::string_view bytes);

  // Takes what commands ask to be taken again, the oldest first: calls handle(about, bytes) for each that `whose` lets
  // through (empty: all; what can't be read any more counts as not outgoing), and writes its outcome; where it throws, that
  // the server failed at it. Before each it asks stopping(), and leaves what is left asked for. To be called now and then;
  // each is to be one caller's. How many it took.
  using Handler = std::function<ReplayOutcome(const QuarantineAbout& about, const std::string& bytes)>;
  using Filter = std::function<bool(const QuarantineAbout& about)>;
  absl::StatusOr<size_t> Poll(const Handler& handle, const Filter& whose = {},
                              const std::function<bool()>& stopping = {});
  // Removes those that are too many or too old, of what waits and of what is done; counts of both.
  struct Removed {
    size_t too_many = 0, too_old = 0;
  };
  absl::StatusOr<Removed> Tidy();

  size_t size() const;               // that wait

 private:
  absl::Status Take(uint64_t number, const Handler& handle);
  size_t most() const;
  int64_t days() const;
  const QuarantineOptions options_;  // but for its bounds
  mutable std::mutex mutex_;
  size_t most_;
  int64_t days_;
  // The number of a message whose bytes and party are these, if it waits unchanged.
  uint64_t FindSame(const std::string& party, std::string_view bytes);
  uint64_t last_ = 0;
  size_t size_ = 0;
  std::map<size_t, uint64_t> by_hash_;  // of those put since the start
};

// The commands' part; beside a server, or without one.
class QuarantineFolder {
 public:
  explicit QuarantineFolder(std::string folder) : folder_(std::move(folder)) {}
  const std::string& path() const { return folder_; }
  // By number. What can't be read has number and reason alone.
  absl::StatusOr<std::vector<QuarantineAbout>> List(bool done = false) const;
  // kNotFound: no such message waits.
  absl::StatusOr<QuarantineAbout> About(uint64_t number) const;
  absl::StatusOr<std::string> Bytes(uint64_t number) const;
  // Puts other bytes in the place of `before`. kAborted: somebody else mended it meanwhile; kFailedPrecondition: it is
  // just being taken again, or the server's own.
  absl::Status Fix(uint64_t number, std::string_view before, std::string_view bytes) const;
  absl::Status Drop(uint64_t number) const;
  // Asks the server. kFailedPrecondition: somebody did already.
  absl::Status AskReplay(uint64_t number) const;
  // Waits. kDeadlineExceeded: the server said nothing (and won't take it any more).
  absl::StatusOr<ReplayOutcome> AwaitReplay(uint64_t number, int64_t milliseconds) const;

 private:
  const std::string folder_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_QUARANTINE_H_
