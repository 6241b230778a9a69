// SPDX-License-Identifier: Apache-2.0
// The steward's desk: what waits for a person's word, with all that it takes to say it, and what was said. A terminal
// and a web page make the same calls.
//
// With four eyes (an option of the registry, off at first) one steward's word is a proposal, which changes nothing of
// the registry; it is done as soon as another steward says the same of the same revisions. Where they differ the case
// is disputed and stays. Names of stewards tell them apart, whatever facility they come from.
//
// What stewards write is kept beside the registry and is for the desk alone: it may tell of patients, and neither the
// history nor the audit trail has any of it.
#ifndef LIBMPI_NETWORK_REVIEW_DESK_H_
#define LIBMPI_NETWORK_REVIEW_DESK_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/desk_statistics.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// What a case is about: two records, a < b, or the revision of `a` that is held.
struct CaseKey {
  RecordKey a, b;
  bool is_held() const { return b == RecordKey(); }
  auto operator<=>(const CaseKey&) const = default;
};
CaseKey CaseOfPair(const RecordKey& a, const RecordKey& b);
CaseKey CaseOfHeld(const RecordKey& record);

// Of whom a change is told as made by, the name alone: without the facility that they come from.
std::string_view StewardName(std::string_view actor);

enum class Verdict : uint8_t {
  kSame,       // one person; of a revision: the same one after all
  kDifferent,  // two persons; of a revision: the identifier is another one's from now on
  kRefuse,     // of a revision alone: it is dropped
};
std::string_view VerdictName(Verdict verdict);  // "same", "different", "refuse"

// What was looked at: the revisions of both records; of a held revision that of its record, and the event that held it.
struct SeenRevisions {
  uint64_t a = 0, b = 0;
  auto operator<=>(const SeenRevisions&) const = default;
};

// One steward's word on a case that waits for another's.
struct Voice {
  std::string actor;
  int64_t unix_milliseconds = 0;
  Verdict verdict = Verdict::kSame;
  SeenRevisions seen;
  auto operator<=>(const Voice&) const = default;
};

struct CaseNote {
  std::string actor;
  int64_t unix_milliseconds = 0;
  std::string text;
};

// One of the two sides of a case.
struct CaseSide {
  EnterpriseId person;
  std::vector<StatedRecord> records;  // the one compared first, then the others of the person by key
  uint64_t left_out = 0;              // further ones
};

struct ReviewCase {
  CaseKey of;
  // Of a question; of one about a single person both sides name them, and b has the one record.
  ReviewReason reason = ReviewReason::kBetweenThresholds;
  double priority = 0;
  CaseSide a, b;                      // of a revision: the record as accepted, and as held
  Explanation why;
  // The later of the days on which the two were put: as it is, the question is not older.
  CivilDate since;
  std::string assignee;               // empty: nobody
  std::vector<CaseNote> notes;        // first to last
  SeenRevisions seen;                 // to be given back with the word on it
  std::vector<Voice> voices;          // that count
  std::vector<Voice> void_voices;     // a record was revised since: the word is no more
  bool disputed = false;
};

struct CaseOptions {
  size_t most = 20;
  bool questions = true, held = true;
  bool held_first = false;
  // Also what this steward put off or has a say in already, and what is assigned to somebody else.
  bool all = false;
  size_t most_records = 30;           // of a person
};

struct ReviewCases {
  std::vector<ReviewCase> cases;      // questions by priority, revisions by record
  bool four_eyes = false;
};

struct Judgement {
  CaseKey of;
  Verdict verdict = Verdict::kSame;
  std::string note;                   // may be empty
  // As the case had them. What is revised meanwhile is not decided; nothing: as it is now. Who had the case assigned has
  // it again where the word is undone.
  SeenRevisions seen;
  std::string assignee;
};

// What a steward did at the desk.
struct DeskAct {
  enum class Kind : uint8_t {
    kDecided,
    kProposed,  // it waits for another steward
    kSeconded,  // as another one said: decided
    kDisputed,  // other than another one said: it stays
    kUndone,
  };
  uint64_t number = 0;                // of the steward's acts, from 1
  int64_t unix_milliseconds = 0;
  Kind kind = Kind::kDecided;
  CaseKey of;
  Verdict verdict = Verdict::kSame;
  uint64_t event = 0;                 // of the history that it made; 0: none
  bool over = false;                  // undone, or past undoing
  std::vector<Voice> before;          // what was said of the case until then
  std::string assignee;               // that the case had
};
std::string_view DeskActName(DeskAct::Kind kind);  // "decided", "proposed" ...

struct JudgeAnswer {
  DeskAct::Kind outcome = DeskAct::Kind::kDecided;
  ChangeAnswer change;                // of what was decided
};

struct UndoAnswer {
  enum class Outcome : uint8_t {
    kUndone,     // all is as it was before the act
    kReplaced,   // it does not stand any more: another one's word took its place, or withdrew it
    kImpossible  // what was said of a revision can't be taken back: it has to be put again
  };
  Outcome outcome = Outcome::kUndone;
  DeskAct act;                        // which will not be asked for again
  ChangeAnswer change;
};

// As one steward has it. Thread-safe as the registry; cheap to make. `also` is made in the commit of each change.
// For a network's registry call the Network's methods of the same names, which ask the rules and note who looked.
//
// Errors, beside the registry's: kInvalidArgument, a steward without a name, or a text that is too long;
// kFailedPrecondition, the records were revised since they were shown, a decision stands on them, or who proposed would
// second themselves.
class ReviewDesk {
 public:
  static constexpr size_t kLongestNote = 4000;  // bytes

  // Borrows the registry.
  ReviewDesk(Registry* registry, Attribution by, SideChange also = {})
      : registry_(*registry), by_(std::move(by)), also_(std::move(also)) {}

  absl::StatusOr<bool> FourEyes() const;
  // Words that wait stay; without four eyes the next one decides.
  absl::Status SetFourEyes(bool on) const;

  // What waits for this steward. A proposal of two records that are no more the strongest pair of their persons shows
  // these two all the same, so that the second steward sees what the first one saw. About a millisecond a case.
  absl::StatusOr<ReviewCases> Cases(const CaseOptions& options) const;

  // Says it: decides, or proposes, seconds or disputes. In one commit with the note. A proposal on two records that no
  // question is about waits unseen, for somebody who names them.
  absl::StatusOr<JudgeAnswer> Judge(const Judgement& judgement) const;

  // What Undo() would take back: this steward's last act that is not over. kNotFound: there is none.
  absl::StatusOr<DeskAct> LastAct() const;
  // Takes it back, exactly: a decision of others is never touched. The decision is withdrawn, what waited until then
  // waits again, and who had the case assigned has it again (a commit of its own). Notes stay. kFailedPrecondition: it
  // is not the last act any more.
  absl::StatusOr<UndoAnswer> Undo(const DeskAct& last) const;

  absl::Status AddNote(const CaseKey& of, const std::string& text) const;
  // Not before then, milliseconds since 1970, for this steward; for others it stays.
  absl::Status PutOff(const CaseKey& of, int64_t until) const;
  // Empty: to nobody. kNotFound: there is no such case.
  absl::Status AssignCase(const CaseKey& of, const std::string& assignee) const;

  // What stewards did from a moment on until before another, and what waits now. O(events between, and questions).
  absl::StatusOr<DeskStatistics> Statistics(int64_t from, int64_t until) const;

 private:
  struct Beside;
  absl::Status ReadBeside(Beside* beside) const;
  template <typename Item>
  absl::Status AddCases(const CaseOptions& options, const Beside& beside,
                        absl::StatusOr<std::vector<Item>> (Registry::*list)(size_t) const,
                        std::vector<ReviewCase>* cases) const;
  absl::Status MakeCase(const ReviewEntry& entry, const CaseOptions& options, const Beside& beside,
                        ReviewCase* out) const;
  absl::Status MakeCase(const HeldRevision& held, const CaseOptions& options, const Beside& beside,
                        ReviewCase* out) const;
  absl::Status ReadSide(const RecordKey& key, const RecordKey& but, size_t most, CaseSide* side) const;
  absl::Status SaidOfCase(const Beside& beside, ReviewCase* out) const;
  bool Wants(const CaseOptions& options, const Beside& beside, const CaseKey& of, const std::string& assignee) const;
  bool HasSaid(const ReviewCase& of) const;
  absl::Status Look(const CaseKey& of, SeenRevisions* seen) const;
  absl::Status HeldOf(const RecordKey& record, HeldRevision* held) const;
  absl::Status TryJudge(const Judgement& judgement, JudgeAnswer* answer) const;
  absl::Status WithdrawVoice(const DeskAct& last, UndoAnswer* answer) const;
  absl::Status WithdrawDecision(const DeskAct& last, UndoAnswer* answer) const;
  absl::Status Close(const DeskAct& last) const;
  absl::Status CheckActor() const;
  absl::Status Write(const SideChange& change) const;
  SideChange Then(const SideChange& change) const;

  Registry& registry_;
  const Attribution by_;
  const SideChange also_;
};

// For changes of one steward alone by other ways than the desk's: kFailedPrecondition where four eyes are asked for.
SideChange UnlessFourEyes(SideChange change = {});

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_REVIEW_DESK_H_
