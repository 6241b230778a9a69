// SPDX-License-Identifier: Apache-2.0
// What HL7 v2 messages in files say of patients. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_HL7_PATIENTS_H_
#define LIBMPI_EXCHANGE_FEEDS_HL7_PATIENTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/exchange/feeds/hl7_messages.h"
#include "libmpi/exchange/feeds/hl7_text.h"
#include "libmpi/exchange/hl7v2/message.h"

namespace libmpi {

// What the file's name and folder say.
struct Hl7FileOrigin {
  std::string source;            // the assigning authority of numbers that name none; empty: MSH-4
  std::string source_otherwise;  // where MSH-4 is empty too
  std::string number;            // the patient's, who alone the file is of; empty: it is of any
  bool withdrawn = false;        // whatever the message is, the record is withdrawn
};

// One message after another to the sink.
class Hl7Patients final : public Hl7MessageSink {
 public:
  Hl7Patients(const FeedOptions& options, Hl7FileOrigin origin, FeedSink* sink);

  void TakeMessage(const Hl7Message& message) override;
  void NoteFile(uint64_t line, std::string reason) override;

  const Hl7FileOrigin& origin() const { return origin_; }
  const Hl7Text& text() const { return text_; }
  uint64_t messages() const { return messages_; }

 private:
  void TakePatients(const hl7v2::Message& message, const Hl7Message& raw);
  bool SetKey(const hl7v2::Segment& pid, const hl7v2::Segment& msh, FeedRecord* patient);
  void Finish(FeedRecord&& patient, bool withdrawn);
  void Refuse(uint64_t line, std::string field, std::string reason);

  const Hl7FileOrigin origin_;
  const std::string preferred_authority_;  // the options' source
  FeedSink& sink_;
  Hl7Text text_;
  hl7v2::Limits limits_;
  uint64_t messages_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_HL7_PATIENTS_H_
