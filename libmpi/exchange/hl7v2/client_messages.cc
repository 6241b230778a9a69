// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/client_messages.h"

#include <cstdlib>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/exchange/hl7v2/identifier_field.h"
#include "libmpi/exchange/hl7v2/pid_record.h"

namespace libmpi::hl7v2 {
namespace {

void SetQuery(std::string_view name, const std::string& tag, SegmentBuilder* qpd) { qpd->Set(1, name).Set(2, tag); }

void SetDomains(const std::vector<pix::Authority>& domains, size_t field, SegmentBuilder* qpd) {
  for (size_t i = 0; i < domains.size(); ++i) SetIdentifier({"", domains[i]}, field, i + 1, qpd);
}

// @PID... with their values, as repetitions of QPD-3.
class Criteria {
 public:
  explicit Criteria(SegmentBuilder* qpd) : qpd_(*qpd) {}

  void Add(std::string_view path, std::string_view value) {
    if (value.empty()) return;
    const size_t repetition = qpd_.Repetitions(3) + 1;
    qpd_.SetIn(3, repetition, 1, 1, "@PID." + std::string(path));
    qpd_.SetIn(3, repetition, 2, 1, value);
  }

  void Add(const pix::Identifier& identifier) {
    Add("3.1", identifier.value);
    Add("3.4.1", identifier.authority.namespace_id);
    Add("3.4.2", identifier.authority.universal_id);
    Add("3.4.3", identifier.authority.universal_id_type);
  }

  void Add(const SearchCriteria& criteria) {
    Add("5", criteria.full);
    Add("5.1.1", criteria.family);
    Add("5.2", criteria.given);
    Add("7", DateOf(criteria.birth));
    Add("8", criteria.sex);
    Add("11.3", criteria.city);
    Add("11.5", criteria.postal_code);
    Add("13", criteria.phone);
  }

 private:
  // As HL7 writes dates; what can't be read as it stands, for the other side to say so.
  static std::string DateOf(const std::string& birth) {
    const std::string date = Hl7DateOf(birth);
    return date.empty() ? birth : date;
  }

  SegmentBuilder& qpd_;
};

void AddPriority(size_t page, MessageBuilder* builder) {
  SegmentBuilder& rcp = builder->Add("RCP");
  rcp.Set(1, "I");
  if (page > 0) rcp.Set(2, 1, std::to_string(page)).Set(2, 2, "RD");
}

}  // namespace

MessageBuilder MakeCrossReferenceQuery(const pix::CrossReferenceQuestion& question, const std::string& tag,
                                       const MessageRoute& route, const NewMessage& message) {
  MessageBuilder builder = BeginMessage(route, {"QBP", "Q23", "QBP_Q21", "2.5", "ITI-9"}, message);
  SegmentBuilder& qpd = builder.Add("QPD");
  SetQuery("IHE PIX Query", tag, &qpd);
  SetIdentifier(question.identifier, 3, 1, &qpd);
  SetDomains(question.domains, 4, &qpd);
  AddPriority(0, &builder);
  return builder;
}

MessageBuilder MakeDemographicsQuery(const pix::DemographicsQuestion& question, const std::string& continuation,
                                     const MessageRoute& route, const NewMessage& message) {
  MessageBuilder builder = BeginMessage(route, {"QBP", "Q22", "QBP_Q21", "2.5", "ITI-21"}, message);
  SegmentBuilder& qpd = builder.Add("QPD");
  SetQuery("IHE PDQ Query", question.tag, &qpd);
  Criteria criteria(&qpd);
  for (const pix::Identifier& identifier : question.identifiers) criteria.Add(identifier);
  criteria.Add(question.criteria);
  SetDomains(question.domains, 8, &qpd);
  AddPriority(question.page, &builder);
  if (!continuation.empty()) builder.Add("DSC").Set(1, continuation).Set(2, "I");
  return builder;
}

MessageBuilder MakeCancellation(const std::string& tag, const MessageRoute& route, const NewMessage& message) {
  MessageBuilder builder = BeginMessage(route, {"QCN", "J01", "QCN_J01", "2.5", "ITI-21"}, message);
  builder.Add("QID").Set(1, tag).Set(2, "IHE PDQ Query");
  return builder;
}

absl::StatusOr<QueryAnswer> ReadQueryAnswer(const Message& message) {
  const Segment* const msa = message.Find("MSA");
  if (msa == nullptr) return absl::InvalidArgumentError("an answer without MSA");
  QueryAnswer answer;
  answer.code = msa->Text(1);
  answer.control_id = msa->field(2).Text();
  answer.errors = ReadErrors(message);
  if (const Segment* qak = message.Find("QAK"); qak != nullptr) {
    answer.tag = qak->field(1).Text();
    answer.status = qak->Text(2);
  }
  for (const Segment& segment : message.segments()) {
    if (segment.name() == "PID") {
      pix::MatchedPerson& person = answer.persons.emplace_back();
      person.identifiers = ReadIdentifiers(segment.field(3));
      ReadPid(segment, &person.record);
    } else if (segment.name() == "QRI" && !answer.persons.empty()) {
      answer.persons.back().probability = std::strtod(segment.Text(1).c_str(), nullptr);
    }
  }
  if (const Segment* dsc = message.Find("DSC"); dsc != nullptr) answer.continuation = dsc->field(1).Text();
  return answer;
}

}  // namespace libmpi::hl7v2
