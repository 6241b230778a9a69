// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/answer_message.h"

#include <algorithm>
#include <cstdio>

#include "libmpi/exchange/hl7v2/identifier_field.h"
#include "libmpi/exchange/hl7v2/message_route.h"
#include "libmpi/exchange/hl7v2/pid_record.h"

namespace libmpi::hl7v2 {
namespace {

void SetSwapped(const Segment& request, size_t from, std::string_view own, size_t to, SegmentBuilder* msh) {
  const Field said = request.field(from);
  if (said.empty() || said.deleted()) msh->Set(to, own);
  else msh->SetRaw(to, said.raw());
}

MessageBuilder BeginAnswer(const AnswerTo& to, std::string_view code, std::string_view trigger,
                           std::string_view structure) {
  const Segment& request = to.request.msh();
  MessageBuilder answer(to.request.delimiters());
  SegmentBuilder& msh = answer.msh();
  SetSwapped(request, 5, to.application, 3, &msh);
  SetSwapped(request, 6, to.facility, 4, &msh);
  SetSwapped(request, 3, "", 5, &msh);
  SetSwapped(request, 4, "", 6, &msh);
  const std::string version = to.head.version ? request.Text(12) : "2.5";
  SetKind({code, trigger, structure, version, to.transaction}, {"", to.now}, &msh);
  SetSwapped(request, 11, "P", 11, &msh);
  if (to.head.version) msh.SetRaw(12, request.field(12).raw());
  else msh.Set(12, version);
  return answer;
}

void AddMsa(const AnswerTo& to, std::string_view code, std::span<const WireError> errors, MessageBuilder* answer) {
  answer->Add("MSA").Set(1, code).SetRaw(2, to.request.msh().field(10).raw());
  AddErrors(errors, to.head.AnswerVersion(), answer);
}

// As MSA-1, and as QAK-2 where it is refused.
std::string_view CodeOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAccepted: return "AA";
    case Verdict::kError: return "AE";
    case Verdict::kRejected: break;
  }
  return "AR";
}

// RSP to its QPD.
MessageBuilder BeginQueryAnswer(const AnswerTo& to, std::string_view trigger, std::string_view structure,
                                const Refusal& refusal, bool any) {
  MessageBuilder answer = BeginAnswer(to, "RSP", trigger, structure);
  const std::string_view code = CodeOf(refusal.verdict);
  AddMsa(to, code, refusal.errors, &answer);
  const Segment* const qpd = to.request.Find("QPD");
  SegmentBuilder& qak = answer.Add("QAK");
  if (qpd != nullptr) qak.SetRaw(1, qpd->field(2).raw());
  qak.Set(2, refusal.verdict != Verdict::kAccepted ? code : any ? "OK" : "NF");
  if (qpd != nullptr) answer.AddRaw(qpd->raw());
  return answer;
}

// "0.9987", "1.0": four decimals, the last zeros left out.
std::string Confidence(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", std::clamp(probability, 0.0, 1.0));
  std::string out = text;
  while (out.back() == '0' && out[out.size() - 2] != '.') out.pop_back();
  return out;
}

}  // namespace

MessageBuilder MakeAcknowledgement(const AnswerTo& to, std::string_view code, std::span<const WireError> errors) {
  MessageBuilder answer = BeginAnswer(to, "ACK", to.head.trigger, to.head.trigger.empty() ? "" : "ACK");
  AddMsa(to, code, errors, &answer);
  return answer;
}

MessageBuilder MakeCrossReferenceAnswer(const AnswerTo& to, const Refusal& refusal,
                                        std::span<const pix::Identifier> identifiers, const pix::Switches& switches) {
  const bool told = refusal.verdict == Verdict::kAccepted && !identifiers.empty();
  MessageBuilder answer = BeginQueryAnswer(to, "K23", "RSP_K23", refusal, told);
  if (!told) return answer;
  SegmentBuilder& pid = answer.Add("PID");
  SetIdentifiers(identifiers, 3, &pid);
  if (switches.space_in_empty_name) pid.Set(5, " ");
  else pid.SetIn(5, 2, 7, 1, "S");  // a name is required, and this one stands for nobody
  return answer;
}

MessageBuilder MakeDemographicsAnswer(const AnswerTo& to, const Refusal& refusal, const pix::DemographicsAnswer& found,
                                      const pix::Switches& switches) {
  const bool told = refusal.verdict == Verdict::kAccepted && !found.persons.empty();
  MessageBuilder answer = BeginQueryAnswer(to, "K22", "RSP_K21", refusal, told);
  if (refusal.verdict != Verdict::kAccepted) return answer;
  for (size_t i = 0; i < found.persons.size(); ++i) {
    const pix::MatchedPerson& person = found.persons[i];
    SegmentBuilder& pid = answer.Add("PID");
    pid.Set(1, std::to_string(i + 1));
    SetIdentifiers(person.identifiers, 3, &pid);
    SetPid(person.record, switches.original_names_only, to.head.AnswerVersion(), &pid);
    // Next to nothing is what a question that says little tells; as a confidence it would be taken for a warning.
    if (person.probability >= 0.00005) answer.Add("QRI").Set(1, Confidence(person.probability));
  }
  if (!found.continuation.empty()) answer.Add("DSC").Set(1, found.continuation).Set(2, "I");
  return answer;
}

CharacterSet AnswerCharacterSet(const CharacterSet& request, const CharacterSet& otherwise) {
  if (!request.msh18.empty()) return request;
  if (!otherwise.msh18.empty()) return otherwise;
  return CharacterSet{Charset::kUtf8, {"UNICODE UTF-8"}, ""};
}

}  // namespace libmpi::hl7v2
