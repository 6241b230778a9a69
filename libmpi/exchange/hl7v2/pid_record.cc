// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/pid_record.h"

#include <algorithm>
#include <utility>

#include "libmpi/exchange/hl7v2/address_field.h"
#include "libmpi/exchange/hl7v2/identifier_field.h"
#include "libmpi/exchange/hl7v2/person_name_field.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/record/sex.h"

namespace libmpi::hl7v2 {
namespace {

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<pix::Identifier> ReadIdentifiers(const Field& field) {
  std::vector<pix::Identifier> identifiers;
  if (field.deleted()) return identifiers;
  for (const Repetition& said : field.all()) identifiers.push_back(IdentifierOf(said));
  return identifiers;
}

std::string BirthOf(std::string_view text) {
  if (text.size() >= 8 && AllDigits(text.substr(0, 8))) return std::string(text.substr(0, 8));
  if (text.size() == 6 && AllDigits(text)) return std::string(text.substr(0, 4)) + "-" + std::string(text.substr(4));
  return std::string(text);
}

std::string Hl7DateOf(std::string_view birth) {
  CivilDate date;
  std::vector<Finding> ignored;
  if (!ParseBirthDate(birth, {}, &date, &ignored)) return "";
  return PlainDateText(date).substr(0, date.month == 0 ? 4 : date.day == 0 ? 6 : 8);
}

std::string_view Hl7SexOf(std::string_view sex) {
  std::vector<Finding> ignored;
  switch (ParseSex(sex, &ignored)) {
    case Sex::kMale: return "M";
    case Sex::kFemale: return "F";
    default: break;
  }
  for (std::string_view other : {"O", "3", "その他", "other"})
    if (sex == other) return "O";
  return "U";
}

void ReadPid(const Segment& pid, Record* record) {
  ReadNames(pid.field(5), record);
  ReadNames(pid.field(9), record);
  if (std::string birth = BirthOf(pid.Text(7)); !birth.empty()) record->births.push_back(std::move(birth));
  if (std::string sex = pid.Text(8); !sex.empty()) record->sexes.push_back(std::move(sex));
  ReadAddresses(pid.field(11), record);
  ReadPhones(pid.field(13), record);
  ReadPhones(pid.field(14), record);
  record->Normalize();
}

void ReadIn1(const Segment& in1, Record* record) {
  StatedCoverage card;
  card.insurer = in1.Text(3);
  const Field insured = in1.field(10);
  const size_t said = insured.repetitions();
  const auto part = [&](size_t repetition) { return insured.repetition(repetition).Text(1); };
  if (said == 1) {
    card.number = part(1);
  } else if (said > 1) {
    card.symbol = part(1);
    card.number = part(2);
    card.branch = part(3);
  }
  if (card.number.empty()) card.number = in1.Text(36);
  if (card == StatedCoverage()) return;
  if (in1.Text(2, 2).find("介護") != std::string::npos || in1.Text(2, 1).find("介護") != std::string::npos)
    record->care.push_back({std::move(card.insurer), std::move(card.number)});
  else
    record->coverages.push_back(std::move(card));
  record->Normalize();
}

void SetPid(const Record& record, bool kanji_names_only, const Version& version, SegmentBuilder* pid) {
  SetNames(record, kanji_names_only, 5, pid);
  if (!record.births.empty()) pid->Set(7, Hl7DateOf(record.births[0]));
  if (!record.sexes.empty()) pid->Set(8, Hl7SexOf(record.sexes[0]));
  SetAddresses(record, 11, pid);
  SetPhones(record, version, 13, pid);
}

}  // namespace libmpi::hl7v2
