// SPDX-License-Identifier: Apache-2.0
// Answers to messages: ACK, RSP^K23 (ITI-9), RSP^K22 (ITI-21).
#ifndef LIBMPI_EXCHANGE_HL7V2_ANSWER_MESSAGE_H_
#define LIBMPI_EXCHANGE_HL7V2_ANSWER_MESSAGE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/hl7v2/fault_error.h"
#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/exchange/hl7v2/message_head.h"
#include "libmpi/pix/directory.h"
#include "libmpi/pix/question.h"

namespace libmpi::hl7v2 {

// What an answer has of its request. All of them have MSH-3 to MSH-6 the other way round, MSH-11 and MSH-12 as they
// were, the request's delimiters, and MSA-2 as MSH-10 was; MSA-3 and MSA-6 never (IHE ITI TF-2 C.2.3). Borrowed.
struct AnswerTo {
  const Message& request;
  const MessageHead& head;
  std::string_view application, facility;  // the manager's names, where the request says none
  int64_t now = 0;
  std::string_view transaction;            // "ITI-9": MSH-21, from 2.5 on
};

MessageBuilder MakeAcknowledgement(const AnswerTo& to, std::string_view code, std::span<const WireError> errors);

// What is wrong, and how it is answered; of kAccepted there are warnings at most.
struct Refusal {
  Verdict verdict = Verdict::kAccepted;
  std::vector<WireError> errors;
};

// ITI-9: QAK-2 is OK with one PID, NF without (none of the domains knows the person), AE or AR. QPD is echoed as it was
// sent.
MessageBuilder MakeCrossReferenceAnswer(const AnswerTo& to, const Refusal& refusal,
                                        std::span<const pix::Identifier> identifiers, const pix::Switches& switches);

// ITI-21: a PID and QRI each, DSC where there are more. QRI-1 is the match probability, "0.9987", "1.0"; there is none
// where that is next to nothing.
MessageBuilder MakeDemographicsAnswer(const AnswerTo& to, const Refusal& refusal, const pix::DemographicsAnswer& answer,
                                      const pix::Switches& switches);

// In which characters an answer goes back: the request's, else those of who sends without saying which, else UTF-8;
// ASCII alone could not tell of names.
CharacterSet AnswerCharacterSet(const CharacterSet& request, const CharacterSet& otherwise);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_ANSWER_MESSAGE_H_
