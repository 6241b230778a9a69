// SPDX-License-Identifier: Apache-2.0
// What stewards say at the desk; what they look at is in review_cases.cc.
#include "libmpi/network/review_desk.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/desk_rows.h"

namespace libmpi {
namespace {

using Kind = DeskAct::Kind;

// Others may speak between a look and its commit; then it is looked at again.
constexpr int kAttempts = 20;

absl::Status Revised() {
  return absl::FailedPreconditionError("a record of the case was revised since it was shown: look at it again");
}
absl::Status LookAgain() { return absl::AbortedError("others said something of the case meanwhile: try again"); }

bool IsAnother(const Voice& voice, const std::string& actor) { return StewardName(voice.actor) != StewardName(actor); }

absl::Status CheckNote(const std::string& text) {
  if (text.size() <= ReviewDesk::kLongestNote) return absl::OkStatus();
  return absl::InvalidArgumentError("a note has " + std::to_string(ReviewDesk::kLongestNote) + " bytes at most");
}

absl::Status CheckJudgement(const Judgement& judgement) {
  if (judgement.verdict == Verdict::kRefuse && !judgement.of.is_held())
    return absl::InvalidArgumentError("two records are the same person's or different ones': there is nothing to refuse");
  return CheckNote(judgement.note);
}

// What one more word makes of a case.
struct Weighed {
  Kind kind = Kind::kDecided;
  std::vector<Voice> before, after;
};

absl::Status Weigh(const SideReader& rows, const CaseKey& of, const Voice& own, Weighed* out) {
  bool four_eyes;
  LIBMPI_RETURN_IF_ERROR(ReadFourEyes(rows, &four_eyes));
  LIBMPI_RETURN_IF_ERROR(ReadVoices(rows, of, &out->before));
  if (!four_eyes) return absl::OkStatus();
  out->kind = Kind::kProposed;
  for (const Voice& voice : out->before) {
    if (voice.seen != own.seen) continue;  // of other records than these are now
    const bool agrees = voice.verdict == own.verdict;
    if (IsAnother(voice, own.actor)) {
      if (out->kind != Kind::kSeconded) out->kind = agrees ? Kind::kSeconded : Kind::kDisputed;
      out->after.push_back(voice);
    } else if (agrees) {
      return absl::FailedPreconditionError("you have said so already: it waits for another steward");
    }
  }
  out->after.push_back(own);
  return absl::OkStatus();
}

bool Decides(Kind kind) { return kind == Kind::kDecided || kind == Kind::kSeconded; }

// Whether it is about what was looked at, in the commit.
absl::Status CheckSettled(const Judgement& judgement, const ChangeAnswer& made) {
  if (judgement.of.is_held()) return made.settles == judgement.seen.b ? absl::OkStatus() : Revised();
  if (made.settles != 0)
    return absl::FailedPreconditionError("a decision stands on these two records: nayose registry undecide withdraws it");
  return made.revision == judgement.seen.a && made.other_revision == judgement.seen.b ? absl::OkStatus() : Revised();
}

absl::Status ReadLastAct(const SideReader& rows, const std::string& actor, DeskAct* last) {
  bool found = false;
  LIBMPI_RETURN_IF_ERROR(VisitActs(rows, actor, [&](const DeskAct& act) {
    if (act.over || act.kind == Kind::kUndone) return true;
    *last = act;
    found = true;
    return false;
  }));
  return found ? absl::OkStatus() : absl::NotFoundError("there is nothing to undo");
}

// That the act is still the last one, when it is written that it is over.
absl::Status CloseAct(const std::string& actor, DeskAct act, SideRows* rows) {
  DeskAct last;
  LIBMPI_RETURN_IF_ERROR(ReadLastAct(*rows, actor, &last));
  if (last.number != act.number) return absl::FailedPreconditionError("it is not the last that you did any more");
  act.over = true;
  WriteAct(actor, act, rows);
  return absl::OkStatus();
}

absl::Status AppendUndone(const std::string& actor, const DeskAct& act, uint64_t event, int64_t now, SideRows* rows) {
  DeskAct undone;
  undone.unix_milliseconds = now;
  undone.kind = Kind::kUndone;
  undone.of = act.of;
  undone.verdict = act.verdict;
  undone.event = event;
  return AppendAct(actor, std::move(undone), rows);
}

// Words as they were before an act's, with what others said since. Nothing where the act's is not there any more.
std::optional<std::vector<Voice>> WithoutVoice(std::vector<Voice> now, const std::string& actor, const DeskAct& act) {
  const auto own = std::ranges::find_if(now, [&](const Voice& v) {
    return v.actor == actor && v.unix_milliseconds == act.unix_milliseconds && v.verdict == act.verdict;
  });
  if (own == now.end()) return std::nullopt;
  const Voice was = *own;
  now.erase(own);
  // The act took the place of words that did not count any more, and of own ones.
  for (const Voice& v : act.before) {
    const bool dropped = v.seen != was.seen || !IsAnother(v, actor);
    const bool spoke_since = std::ranges::any_of(now, [&](const Voice& other) { return other.actor == v.actor; });
    if (dropped && !spoke_since) now.push_back(v);
  }
  return now;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame: return "same";
    case Verdict::kDifferent: return "different";
    case Verdict::kRefuse: return "refuse";
  }
  return "";
}

std::string_view DeskActName(Kind kind) {
  switch (kind) {
    case Kind::kDecided: return "decided";
    case Kind::kProposed: return "proposed";
    case Kind::kSeconded: return "seconded";
    case Kind::kDisputed: return "disputed";
    case Kind::kUndone: return "undone";
  }
  return "";
}

std::string_view StewardName(std::string_view actor) { return actor.substr(actor.rfind('|') + 1); }

CaseKey CaseOfPair(const RecordKey& a, const RecordKey& b) { return {std::min(a, b), std::max(a, b)}; }
CaseKey CaseOfHeld(const RecordKey& record) { return {record, {}}; }

SideChange UnlessFourEyes(SideChange change) {
  return [change = std::move(change)](const ChangeAnswer& made, SideRows* rows) -> absl::Status {
    bool four_eyes;
    LIBMPI_RETURN_IF_ERROR(ReadFourEyes(*rows, &four_eyes));
    if (four_eyes)
      return absl::FailedPreconditionError("two stewards decide here: propose it at the desk (nayose review), and another one agrees");
    return change ? change(made, rows) : absl::OkStatus();
  };
}

absl::Status ReviewDesk::CheckActor() const {
  const bool named = !StewardName(by_.actor).empty() && by_.actor.find('\0') == std::string::npos;
  return named ? absl::OkStatus() : absl::InvalidArgumentError("a steward needs a name, without zero bytes");
}

SideChange ReviewDesk::Then(const SideChange& change) const {
  return [this, change](const ChangeAnswer& made, SideRows* rows) {
    const absl::Status status = change(made, rows);
    return status.ok() && also_ ? also_(made, rows) : status;
  };
}

absl::Status ReviewDesk::Write(const SideChange& change) const {
  LIBMPI_RETURN_IF_ERROR(CheckActor());
  return registry_.WriteSide(Then(change));
}

absl::StatusOr<bool> ReviewDesk::FourEyes() const {
  bool on = false;
  LIBMPI_RETURN_IF_ERROR(registry_.ReadSide([&](const SideReader& rows) { return ReadFourEyes(rows, &on); }));
  return on;
}

absl::Status ReviewDesk::SetFourEyes(bool on) const {
  return Write([on](const ChangeAnswer&, SideRows* rows) {
    WriteFourEyes(on, rows);
    return absl::OkStatus();
  });
}

absl::StatusOr<JudgeAnswer> ReviewDesk::Judge(const Judgement& said) const {
  LIBMPI_RETURN_IF_ERROR(CheckActor());
  LIBMPI_RETURN_IF_ERROR(CheckJudgement(said));
  Judgement judgement = said;
  if (!judgement.of.is_held() && judgement.of.b < judgement.of.a) {
    std::swap(judgement.of.a, judgement.of.b);
    std::swap(judgement.seen.a, judgement.seen.b);
  }
  SeenRevisions now;
  LIBMPI_RETURN_IF_ERROR(Look(judgement.of, &now));
  if (judgement.seen == SeenRevisions()) judgement.seen = now;
  if (judgement.seen != now) return Revised();
  JudgeAnswer answer;
  absl::Status status = LookAgain();
  for (int attempt = 0; attempt < kAttempts && absl::IsAborted(status); ++attempt)
    status = TryJudge(judgement, &answer);
  if (!status.ok()) return status;
  return answer;
}

absl::Status ReviewDesk::TryJudge(const Judgement& judgement, JudgeAnswer* answer) const {
  const int64_t now = registry_.Now();
  const Voice own{by_.actor, now, judgement.verdict, judgement.seen};
  Weighed foreseen;
  LIBMPI_RETURN_IF_ERROR(
      registry_.ReadSide([&](const SideReader& rows) { return Weigh(rows, judgement.of, own, &foreseen); }));
  const bool decides = Decides(foreseen.kind);
  const SideChange beside = Then([&](const ChangeAnswer& made, SideRows* rows) -> absl::Status {
    Weighed weighed;
    LIBMPI_RETURN_IF_ERROR(Weigh(*rows, judgement.of, own, &weighed));
    if (Decides(weighed.kind) != decides) return LookAgain();
    LIBMPI_RETURN_IF_ERROR(CheckSettled(judgement, made));
    WriteVoices(judgement.of, decides ? std::vector<Voice>() : weighed.after, rows);
    if (decides && judgement.of.is_held()) WriteAssigned(judgement.of, {}, rows);
    if (!judgement.note.empty())
      LIBMPI_RETURN_IF_ERROR(AppendNote(judgement.of, {by_.actor, now, judgement.note}, rows));
    answer->outcome = weighed.kind;
    return AppendAct(by_.actor,
                     {0, now, weighed.kind, judgement.of, judgement.verdict, made.event, false,
                      std::move(weighed.before), judgement.assignee},
                     rows);
  });
  const auto& [a, b] = judgement.of;
  if (!decides) return registry_.WriteSideOf(a, b, beside);
  const bool same = judgement.verdict == Verdict::kSame;
  if (!judgement.of.is_held()) {
    LIBMPI_ASSIGN_OR_RETURN(answer->change, registry_.Decide(a, b, same, by_, beside));
  } else if (judgement.verdict == Verdict::kRefuse) {
    LIBMPI_ASSIGN_OR_RETURN(answer->change, registry_.RefuseRevision(a, by_, beside));
  } else {
    LIBMPI_ASSIGN_OR_RETURN(answer->change, registry_.AcceptRevision(a, same, by_, beside));
  }
  return absl::OkStatus();
}

absl::StatusOr<DeskAct> ReviewDesk::LastAct() const {
  LIBMPI_RETURN_IF_ERROR(CheckActor());
  DeskAct last;
  LIBMPI_RETURN_IF_ERROR(
      registry_.ReadSide([&](const SideReader& rows) { return ReadLastAct(rows, by_.actor, &last); }));
  return last;
}

absl::StatusOr<UndoAnswer> ReviewDesk::Undo(const DeskAct& last) const {
  UndoAnswer answer;
  answer.act = last;
  if (!Decides(last.kind)) {
    LIBMPI_RETURN_IF_ERROR(WithdrawVoice(last, &answer));
    return answer;
  }
  if (last.of.is_held()) {
    answer.outcome = UndoAnswer::Outcome::kImpossible;
    LIBMPI_RETURN_IF_ERROR(Close(last));
    return answer;
  }
  const absl::Status status = WithdrawDecision(last, &answer);
  if (absl::IsNotFound(status) || absl::IsAborted(status)) {
    answer.outcome = UndoAnswer::Outcome::kReplaced;
    LIBMPI_RETURN_IF_ERROR(Close(last));
    return answer;
  }
  LIBMPI_RETURN_IF_ERROR(status);
  if (!last.assignee.empty())
    (void)registry_.Assign(last.of.a, last.of.b, last.assignee, by_);  // where the question is there again
  return answer;
}

// kAborted: another decision stands there.
absl::Status ReviewDesk::WithdrawDecision(const DeskAct& last, UndoAnswer* answer) const {
  const SideChange beside = Then([&](const ChangeAnswer& made, SideRows* rows) -> absl::Status {
    if (made.settles != last.event) return absl::AbortedError("the decision that stands is another one");
    LIBMPI_RETURN_IF_ERROR(CloseAct(by_.actor, last, rows));
    std::vector<Voice> since;
    LIBMPI_RETURN_IF_ERROR(ReadVoices(*rows, last.of, &since));
    if (since.empty()) WriteVoices(last.of, last.before, rows);
    return AppendUndone(by_.actor, last, made.event, registry_.Now(), rows);
  });
  LIBMPI_ASSIGN_OR_RETURN(answer->change, registry_.Undecide(last.of.a, last.of.b, by_, beside));
  return absl::OkStatus();
}

absl::Status ReviewDesk::WithdrawVoice(const DeskAct& last, UndoAnswer* answer) const {
  return Write([&](const ChangeAnswer&, SideRows* rows) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(CloseAct(by_.actor, last, rows));
    std::vector<Voice> now;
    LIBMPI_RETURN_IF_ERROR(ReadVoices(*rows, last.of, &now));
    const auto left = WithoutVoice(std::move(now), by_.actor, last);
    answer->outcome = left ? UndoAnswer::Outcome::kUndone : UndoAnswer::Outcome::kReplaced;
    if (!left) return absl::OkStatus();
    WriteVoices(last.of, *left, rows);
    return AppendUndone(by_.actor, last, 0, registry_.Now(), rows);
  });
}

absl::Status ReviewDesk::Close(const DeskAct& last) const {
  return Write([&](const ChangeAnswer&, SideRows* rows) { return CloseAct(by_.actor, last, rows); });
}

absl::Status ReviewDesk::AddNote(const CaseKey& of, const std::string& text) const {
  LIBMPI_RETURN_IF_ERROR(CheckNote(text));
  if (text.empty()) return absl::InvalidArgumentError("a note says something");
  SeenRevisions seen;
  LIBMPI_RETURN_IF_ERROR(Look(of, &seen));
  return Write([&](const ChangeAnswer&, SideRows* rows) {
    return AppendNote(of, {by_.actor, registry_.Now(), text}, rows);
  });
}

absl::Status ReviewDesk::PutOff(const CaseKey& of, int64_t until) const {
  return Write([&](const ChangeAnswer&, SideRows* rows) {
    return WritePutOff(by_.actor, of, until, registry_.Now(), rows);
  });
}

absl::Status ReviewDesk::AssignCase(const CaseKey& of, const std::string& assignee) const {
  LIBMPI_RETURN_IF_ERROR(CheckActor());
  if (!of.is_held()) return registry_.Assign(of.a, of.b, assignee, by_, also_);
  HeldRevision held;
  LIBMPI_RETURN_IF_ERROR(HeldOf(of.a, &held));
  return Write([&](const ChangeAnswer&, SideRows* rows) {
    WriteAssigned(of, assignee, rows);
    return absl::OkStatus();
  });
}

}  // namespace libmpi
