// SPDX-License-Identifier: Apache-2.0
// The steward's desk of a network: its calls, asked for and noted as all others are.
#include <functional>
#include <utility>
#include <vector>

#include "libmpi/network/call.h"
#include "libmpi/network/review_desk.h"

namespace libmpi {
namespace {

std::vector<RecordKey> RecordsOf(const CaseKey& of) {
  return of.is_held() ? std::vector{of.a} : std::vector{of.a, of.b};
}

// Of both persons, or of both sides' one.
std::vector<std::vector<RecordKey>> ToldBy(const ReviewCase& one) {
  std::vector<std::vector<RecordKey>> persons;
  for (const CaseSide* side : {&one.a, &one.b}) {
    persons.emplace_back();
    for (const StatedRecord& record : side->records) persons.back().push_back(record.record.key);
  }
  if (one.of.is_held()) persons.pop_back();
  return persons;
}

}  // namespace

absl::Status Network::AtDesk(Call* call, const SideChange& beside,
                             const std::function<absl::Status(const ReviewDesk& desk)>& work) {
  LIBMPI_RETURN_IF_ERROR(call->AllowAll());
  return call->Change([&](const SideChange& note) {
    return work(ReviewDesk(&registry_, call->By(), [&](const ChangeAnswer& made, SideRows* rows) {
      const absl::Status written = beside ? beside(made, rows) : absl::OkStatus();
      call->TellOf(made);
      return written.ok() ? note(made, rows) : written;
    }));
  });
}

absl::StatusOr<ReviewCases> Network::Cases(const CaseOptions& options, const Requester& by) {
  Call call(this, by, Operation::kReview, "cases");
  return call.Answer([&]() -> absl::StatusOr<ReviewCases> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    LIBMPI_ASSIGN_OR_RETURN(ReviewCases cases, ReviewDesk(&registry_, call.By()).Cases(options));
    for (const ReviewCase& one : cases.cases) LIBMPI_RETURN_IF_ERROR(call.Told(ToldBy(one)));
    return cases;
  });
}

absl::StatusOr<JudgeAnswer> Network::Judge(const Judgement& judgement, const Requester& by) {
  Call call(this, by, Operation::kReview, "judge", RecordsOf(judgement.of));
  call.entry().detail = VerdictName(judgement.verdict);
  SideChange consent;
  if (judgement.of.is_held()) {
    LIBMPI_ASSIGN_OR_RETURN(consent, ConsentBesideAccepted(judgement.of.a));
  }
  JudgeAnswer answer;
  LIBMPI_RETURN_IF_ERROR(AtDesk(&call, consent, [&](const ReviewDesk& desk) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(answer, desk.Judge(judgement));
    return absl::OkStatus();
  }));
  return answer;
}

absl::StatusOr<UndoAnswer> Network::Undo(const Requester& by) {
  Call call(this, by, Operation::kReview, "undo");
  UndoAnswer answer;
  LIBMPI_RETURN_IF_ERROR(AtDesk(&call, {}, [&](const ReviewDesk& desk) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const DeskAct last, desk.LastAct());
    call.entry().asked = RecordsOf(last.of);
    LIBMPI_ASSIGN_OR_RETURN(answer, desk.Undo(last));
    return absl::OkStatus();
  }));
  return answer;
}

absl::Status Network::AddNote(const CaseKey& of, const std::string& text, const Requester& by) {
  Call call(this, by, Operation::kReview, "add_note", RecordsOf(of));
  return AtDesk(&call, {}, [&](const ReviewDesk& desk) { return desk.AddNote(of, text); });
}

absl::Status Network::PutOff(const CaseKey& of, int64_t until, const Requester& by) {
  Call call(this, by, Operation::kReview, "put_off", RecordsOf(of));
  return AtDesk(&call, {}, [&](const ReviewDesk& desk) { return desk.PutOff(of, until); });
}

absl::Status Network::AssignCase(const CaseKey& of, const std::string& assignee, const Requester& by) {
  Call call(this, by, Operation::kReview, "assign", RecordsOf(of));
  return AtDesk(&call, {}, [&](const ReviewDesk& desk) { return desk.AssignCase(of, assignee); });
}

absl::StatusOr<DeskStatistics> Network::Statistics(int64_t from, int64_t until, const Requester& by) {
  Call call(this, by, Operation::kReview, "statistics");
  return call.Answer([&]() -> absl::StatusOr<DeskStatistics> {
    LIBMPI_RETURN_IF_ERROR(call.RequireAll());
    return ReviewDesk(&registry_, call.By()).Statistics(from, until);
  });
}

absl::StatusOr<bool> Network::FourEyes() const { return ReviewDesk(&registry_, {}).FourEyes(); }

absl::Status Network::SetFourEyes(bool on, const Requester& by) {
  Call call(this, by, Operation::kAdminister, "set_four_eyes");
  call.entry().detail = on ? "on" : "off";
  return AtDesk(&call, {}, [&](const ReviewDesk& desk) { return desk.SetFourEyes(on); });
}

}  // namespace libmpi
