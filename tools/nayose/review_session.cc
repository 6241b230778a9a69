// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/review_session.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/record/iso_date.h"

namespace nayose {
namespace {

using libmpi::DeskAct;
using libmpi::Verdict;

constexpr std::pair<std::string_view, char> kWords[] = {
    {"s", 's'}, {"same", 's'}, {"d", 'd'}, {"different", 'd'}, {"x", 'x'}, {"refuse", 'x'}, {"n", 'n'},
    {"note", 'n'}, {"u", 'u'}, {"undo", 'u'}, {"l", 'l'}, {"later", 'l'}, {"a", 'a'}, {"assign", 'a'},
    {"e", 'e'}, {"explain", 'e'}, {"p", 'p'}, {"persons", 'p'}, {"h", 'h'}, {"held", 'h'}, {"t", 't'},
    {"statistics", 't'}, {"?", '?'}, {"help", '?'}, {"y", 'y'}, {"yes", 'y'}, {"q", 'q'}, {"quit", 'q'}};

bool Says(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}
bool IsDumb() {
  const char* const terminal = std::getenv("TERM");
  return terminal != nullptr && std::string_view(terminal) == "dumb";
}

std::string JudgedText(const libmpi::CaseKey& of, Verdict verdict, DeskAct::Kind outcome) {
  std::string text = CaseName(of) + ": " + std::string(libmpi::VerdictName(verdict));
  switch (outcome) {
    case DeskAct::Kind::kDecided: return text + ", decided";
    case DeskAct::Kind::kSeconded: return text + ", decided with another steward";
    case DeskAct::Kind::kProposed: return text + ", proposed: waits for another steward";
    case DeskAct::Kind::kDisputed: return text + ", disputed: stewards say both";
    case DeskAct::Kind::kUndone: break;
  }
  return text;
}

}  // namespace

int64_t DayBegin(int64_t unix_milliseconds) {
  constexpr int64_t kJapan = 9 * 3'600'000;
  const int64_t in_japan = unix_milliseconds + kJapan;
  return in_japan - (in_japan % kDayMilliseconds + kDayMilliseconds) % kDayMilliseconds - kJapan;
}

ReviewSession::ReviewSession(const libmpi::RegistryDoor& door, const SessionOptions& options)
    : door_(door), options_(options) {
  const bool shows_colour = isatty(STDOUT_FILENO) != 0 && !IsDumb();
  style_.colour = shows_colour && !Says("NO_COLOR");
  clears_ = shows_colour && keys_.is_terminal();
}

absl::Status ReviewSession::Run() {
  while (decided_ + proposed_ < options_.limit) {
    LIBMPI_ASSIGN_OR_RETURN(has_case_, Fetch());
    Show();
    Next next = Next::kSameCase;
    while (next == Next::kSameCase) {
      const std::string prompt =
          !has_case_ ? "u undo  h held  t statistics  ? help  q quit > "
          : case_.of.is_held()
              ? "s same person  d another's  x refuse  n note  u undo  l later  ? help  q quit > "
              : "s same  d different  n note  u undo  l later  e why  p all  ? help  q quit > ";
      LIBMPI_ASSIGN_OR_RETURN(next, Do(Ask(prompt)));
    }
    if (next == Next::kQuit) break;
  }
  PrintSum();
  return absl::OkStatus();
}

absl::StatusOr<bool> ReviewSession::Fetch() {
  style_.columns = TerminalColumns();
  libmpi::CaseOptions wanted;
  wanted.most = 1;
  wanted.held_first = options_.held_first;
  wanted.all = options_.all;
  LIBMPI_ASSIGN_OR_RETURN(libmpi::ReviewCases cases, door_.Cases(wanted));
  four_eyes_ = cases.four_eyes;
  if (cases.cases.empty()) return false;
  case_ = std::move(cases.cases[0]);
  return true;
}

void ReviewSession::Show() {
  std::printf("%s", clears_ ? "\x1b[2J\x1b[H" : "\n");
  if (!message_.empty()) std::printf("%s\n\n", message_.c_str());
  message_.clear();
  if (has_case_) std::printf("%s\n", CaseText(case_, style_).c_str());
  else std::printf("nothing waits for you\n\n");
}

char ReviewSession::Ask(const std::string& prompt) {
  std::printf("%s", prompt.c_str());
  std::fflush(stdout);
  const char key = keys_.Next(kWords);
  if (keys_.is_terminal()) std::printf("%c\n", key > ' ' && key < 0x7F ? key : ' ');
  else std::printf("\n");
  return key;
}

bool ReviewSession::Sure(const std::string& question) { return Ask(question + "  y yes > ") == 'y'; }

absl::StatusOr<ReviewSession::Next> ReviewSession::Do(char key) {
  switch (key) {
    case 'q': return Next::kQuit;
    case 'u': return Undo();
    case 't': return Statistics();
    case '?':
      std::printf("%s", ReviewHelpText().c_str());
      return Next::kSameCase;
    case 'h':
      options_.held_first = !options_.held_first;
      message_ = options_.held_first ? "held revisions first" : "questions first";
      return Next::kNewScreen;
    default: return has_case_ ? DoWithCase(key) : Next::kSameCase;
  }
}

absl::StatusOr<ReviewSession::Next> ReviewSession::DoWithCase(char key) {
  switch (key) {
    case 's': return Judge(Verdict::kSame);
    case 'd': return Judge(Verdict::kDifferent);
    case 'x':
      if (case_.of.is_held()) return Judge(Verdict::kRefuse);
      std::printf("only held revisions are refused: s or d answers a question\n");
      return Next::kSameCase;
    case 'n': return Note();
    case 'l': return Later();
    case 'a': return Assign();
    case 'e': std::printf("%s\n", WhyText(case_, style_).c_str()); return Next::kSameCase;
    case 'p': std::printf("%s\n", PersonsText(case_, style_).c_str()); return Next::kSameCase;
    default: return Next::kSameCase;
  }
}

// What a steward can do something about is told above the next screen; anything else ends the session.
absl::StatusOr<ReviewSession::Next> ReviewSession::Say(const absl::Status& status) {
  if (!absl::IsFailedPrecondition(status) && !absl::IsNotFound(status) && !absl::IsInvalidArgument(status) &&
      !absl::IsAborted(status))
    return status;
  message_ = std::string(status.message());
  return Next::kNewScreen;
}

absl::StatusOr<ReviewSession::Next> ReviewSession::Judge(Verdict verdict) {
  if (case_.of.is_held() && !four_eyes_ && !Sure("what is said of a revision can't be undone: sure?"))
    return Next::kSameCase;
  const auto answer = door_.Judge({case_.of, verdict, {}, case_.seen, case_.assignee});
  if (!answer.ok()) return Say(answer.status());
  const bool decided = answer->outcome == DeskAct::Kind::kDecided || answer->outcome == DeskAct::Kind::kSeconded;
  ++(decided ? decided_ : proposed_);
  ++acts_;
  message_ = JudgedText(case_.of, verdict, answer->outcome);
  return Next::kNewScreen;
}

absl::StatusOr<ReviewSession::Next> ReviewSession::Undo() {
  if (acts_ == 0 && !Sure("you did nothing here yet: undo what you did last before?"))
    return Next::kSameCase;
  const auto answer = door_.Undo();
  if (!answer.ok()) return Say(answer.status());
  if (acts_ > 0) --acts_;
  const std::string what =
      CaseName(answer->act.of) + ": " + std::string(libmpi::VerdictName(answer->act.verdict));
  switch (answer->outcome) {
    case libmpi::UndoAnswer::Outcome::kUndone:
      ++undone_;
      message_ = what + ", undone";
      break;
    case libmpi::UndoAnswer::Outcome::kReplaced:
      message_ = what + " does not stand any more, so it is left as it is; u undoes the one before";
      break;
    case libmpi::UndoAnswer::Outcome::kImpossible:
      message_ = what + " can't be undone: the record has to be put again; u undoes the one before";
      break;
  }
  return Next::kNewScreen;
}

absl::StatusOr<ReviewSession::Next> ReviewSession::Note() {
  std::printf("note > ");
  std::fflush(stdout);
  const auto text = keys_.Line();
  if (!keys_.is_terminal() || !text) std::printf("\n");
  if (!text || text->empty()) return Next::kSameCase;
  const absl::Status noted = door_.AddNote(case_.of, *text);
  if (!noted.ok()) return Say(noted);
  message_ = CaseName(case_.of) + ": noted";
  return Next::kNewScreen;
}

absl::StatusOr<ReviewSession::Next> ReviewSession::Later() {
  const int64_t tomorrow = DayBegin(door_.registry().Now()) + kDayMilliseconds;
  const absl::Status put_off = door_.PutOff(case_.of, tomorrow);
  if (!put_off.ok()) return Say(put_off);
  message_ = CaseName(case_.of) + ": put off until tomorrow";
  return Next::kNewScreen;
}

absl::StatusOr<ReviewSession::Next> ReviewSession::Assign() {
  std::printf("assign to (empty: you) > ");
  std::fflush(stdout);
  const auto name = keys_.Line();
  if (!keys_.is_terminal() || !name) std::printf("\n");
  if (!name) return Next::kSameCase;
  const std::string assignee = name->empty() ? options_.actor : *name;
  const absl::Status assigned = door_.AssignCase(case_.of, assignee);
  if (!assigned.ok()) return Say(assigned);
  message_ = CaseName(case_.of) + ": assigned to " + assignee;
  return Next::kNewScreen;
}

absl::StatusOr<ReviewSession::Next> ReviewSession::Statistics() {
  const int64_t now = door_.registry().Now(), today = DayBegin(now);
  LIBMPI_ASSIGN_OR_RETURN(const libmpi::DeskStatistics statistics, door_.Statistics(today, now + 1));
  std::printf("%s\n", StatisticsText(statistics, libmpi::IsoDateText(libmpi::DayOf(today))).c_str());
  return Next::kSameCase;
}

void ReviewSession::PrintSum() const {
  if (!message_.empty()) std::printf("%s\n", message_.c_str());
  std::printf("%zu decided, %zu proposed, %zu undone\n", decided_, proposed_, undone_);
}

}  // namespace nayose
