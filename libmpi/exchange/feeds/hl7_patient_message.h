// SPDX-License-Identifier: Apache-2.0
// Records as ADT messages of Japan: what the writers of HL7 v2 files and of SS-MIX2 share. Internal to
// libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_HL7_PATIENT_MESSAGE_H_
#define LIBMPI_EXCHANGE_FEEDS_HL7_PATIENT_MESSAGE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/feed_writer.h"
#include "libmpi/exchange/hl7v2/character_set.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/record/record.h"

namespace libmpi {

// SS-MIX2 has addresses in one piece.
enum class Hl7Addresses { kParts, kWhole };

// What of a text is left when it was written in a character set: full-width kana for half-width ones and ■ for what the
// set does not have, as hospitals are told to write it; nothing of what would say that a value is to be deleted.
std::string CarriedText(std::string_view text, Charset charset);

// What of a record PID and IN1 carry: one present name, former names, a birth date and a sex in HL7's form, homes,
// phones, cards. The key stays.
Record CarriedByHl7(const Record& record, Charset charset, Hl7Addresses addresses);

// Messages of one facility on one day.
class Hl7PatientMessages {
 public:
  // kInvalidArgument: an encoding that nobody here knows.
  static absl::StatusOr<Hl7PatientMessages> Create(const FeedWriterOptions& options);

  Charset charset() const { return set_.charset; }
  // "YYYYMMDDhhmmssfff", another one for each message: the nth millisecond of the day.
  std::string Time() const;
  // ADT^A08 of a record that is CarriedByHl7(). `authority`: of its number; empty: PID-3 names none. `profile`: MSH-21.
  absl::StatusOr<std::string> Next(const Record& carried, std::string_view authority, std::string_view profile);
  uint64_t written() const { return written_; }

 private:
  hl7v2::CharacterSet set_;
  std::string institution_, day_;
  uint64_t written_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_HL7_PATIENT_MESSAGE_H_
