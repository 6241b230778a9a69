// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/hl7_patients.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/pix/identifier.h"

namespace libmpi {
namespace {

using hl7v2::Message;
using hl7v2::Segment;

// Results of many patients stand in one message.
constexpr size_t kMostSegments = 100'000;

enum class Says { kPatient, kWithdraws, kRenumbers, kAnswers };

// Merges, links, and moves of one patient's number to another's.
constexpr std::array<std::string_view, 11> kRenumbering = {"A18", "A24", "A30", "A34", "A36", "A37",
                                                           "A39", "A40", "A43", "A46", "A47"};

Says WhatItSays(std::string_view code, std::string_view trigger) {
  if (code == "RSP" || code == "ADR") return Says::kAnswers;
  if (code != "ADT") return Says::kPatient;
  if (trigger == "A23" || trigger == "A29") return Says::kWithdraws;
  return std::ranges::find(kRenumbering, trigger) != kRenumbering.end() ? Says::kRenumbers : Says::kPatient;
}

std::string TriggerOf(const Message& message) {
  std::string trigger = message.msh().Text(9, 2);
  if (!trigger.empty()) return trigger;
  const Segment* const evn = message.Find("EVN");
  return evn == nullptr ? "" : evn->Text(1);
}

std::string_view WithoutZeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('0'), number.size()));
}

// How likely it is what a facility knows the patient by; 0: not at all.
int RankOf(const pix::Identifier& identifier, std::string_view preferred_authority) {
  if (WithoutBlanks(identifier.value).empty()) return 0;
  const pix::Authority& by = identifier.authority;
  if (!preferred_authority.empty() &&
      (by.namespace_id == preferred_authority || by.universal_id == preferred_authority))
    return 4;
  if (identifier.type == "PI" || identifier.type == "MR") return 3;
  return identifier.type.empty() ? 2 : 1;
}

void Trim(std::string* text) {
  if (const std::string_view trimmed = WithoutBlanks(*text); trimmed.size() < text->size())
    *text = std::string(trimmed);
}

template <typename T, typename... Texts>
void TrimAll(std::vector<T>* list, Texts... texts) {
  for (T& value : *list) (Trim(&(value.*texts)), ...);
  std::erase(*list, T());
}

void TrimAll(std::vector<std::string>* list) {
  for (std::string& text : *list) Trim(&text);
  std::erase(*list, "");
}

void TrimTexts(Record* record) {
  using Name = StatedName;
  TrimAll(&record->names, &Name::full, &Name::family, &Name::given, &Name::full_kana, &Name::family_kana,
          &Name::given_kana, &Name::latin);
  TrimAll(&record->former_names);
  TrimAll(&record->births);
  TrimAll(&record->sexes);
  TrimAll(&record->coverages, &StatedCoverage::insurer, &StatedCoverage::symbol, &StatedCoverage::number,
          &StatedCoverage::branch);
  TrimAll(&record->care, &StatedCareInsurance::insurer, &StatedCareInsurance::number);
  TrimAll(&record->addresses, &StatedAddress::postal_code, &StatedAddress::prefecture, &StatedAddress::city,
          &StatedAddress::street, &StatedAddress::full);
  TrimAll(&record->phones);
}

}  // namespace

Hl7Patients::Hl7Patients(const FeedOptions& options, Hl7FileOrigin origin, FeedSink* sink)
    : origin_(std::move(origin)), preferred_authority_(options.source), sink_(*sink), text_(options) {
  limits_.message_bytes = options.max_document_bytes * 3;  // UTF-8 takes more than what was sent
  limits_.segments = kMostSegments;
}

void Hl7Patients::NoteFile(uint64_t line, std::string reason) { sink_.Note({line, "", std::move(reason)}); }

void Hl7Patients::Refuse(uint64_t line, std::string field, std::string reason) {
  sink_.Refuse({line, std::move(field), std::move(reason)});
}

void Hl7Patients::TakeMessage(const Hl7Message& raw) {
  ++messages_;
  if (!raw.defect.empty()) return Refuse(raw.line, "", raw.defect);
  absl::StatusOr<Hl7Text::Decoded> decoded = text_.Decode(raw.bytes);
  if (!decoded.ok()) return Refuse(raw.line, "", std::string(decoded.status().message()));
  const absl::StatusOr<Message> message = Message::ParseDecoded(std::move(decoded->utf8), limits_);
  if (!message.ok()) return Refuse(raw.line, "", std::string(message.status().message()));
  if (!decoded->remark.empty()) NoteFile(raw.line, std::move(decoded->remark));
  TakePatients(*message, raw);
}

void Hl7Patients::TakePatients(const Message& message, const Hl7Message& raw) {
  const std::string code = message.msh().Text(9), trigger = TriggerOf(message);
  const Says says = WhatItSays(code, trigger);
  if (says == Says::kRenumbers)
    return Refuse(raw.line, "record_id",
                  "a message that joins or moves patients' numbers: files are not read for that; let it be sent to the "
                  "PIX manager, or a steward decide");
  const bool has_patient = message.Find("PID") != nullptr;
  if (says == Says::kAnswers) {
    if (has_patient) NoteFile(raw.line, "an answer to a query: it is no statement of a facility, and is left out");
    return;
  }
  if (!has_patient && code == "ADT") return Refuse(raw.line, "", "an ADT message without PID");

  const bool withdrawn = says == Says::kWithdraws || origin_.withdrawn;
  std::optional<FeedRecord> patient;  // nothing too where a PID was refused: its IN1 are not taken
  const std::vector<Segment>& segments = message.segments();
  for (size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    if (segment.name() == "PID") {
      if (patient) Finish(std::move(*patient), withdrawn);
      patient.emplace().line = raw.lines[i];
      if (!SetKey(segment, message.msh(), &*patient))
        patient.reset();
      else if (!withdrawn)
        hl7v2::ReadPid(segment, &patient->record);
    } else if (segment.name() == "IN1" && patient && !withdrawn) {
      hl7v2::ReadIn1(segment, &patient->record);
    }
  }
  if (patient) Finish(std::move(*patient), withdrawn);
}

bool Hl7Patients::SetKey(const Segment& pid, const Segment& msh, FeedRecord* patient) {
  const std::vector<pix::Identifier> said = hl7v2::ReadIdentifiers(pid.field(3));
  const auto rank = [&](const pix::Identifier& identifier) { return RankOf(identifier, preferred_authority_); };
  const auto best = std::ranges::max_element(said, {}, rank);
  if (best == said.end() || rank(*best) == 0) {
    Refuse(patient->line, "record_id", "PID-3 has no number of the patient");
    return false;
  }
  if (std::ranges::count(said, rank(*best), rank) > 1)
    sink_.Note({patient->line, "record_id", "PID-3 has several numbers of the patient: the first is taken"});

  RecordKey& key = patient->record.key;
  key.record_id = WithoutBlanks(best->value);
  if (!origin_.number.empty() && WithoutZeros(key.record_id) != WithoutZeros(origin_.number)) {
    Refuse(patient->line, "record_id", "PID-3 is another patient's number than the file's name says");
    return false;
  }
  const pix::Authority& by = best->authority;
  for (const std::string& source : {by.namespace_id, by.universal_id, origin_.source}) {
    key.source = WithoutBlanks(source);
    if (!key.source.empty()) return true;
  }
  for (const size_t component : {1, 2}) {
    key.source = WithoutBlanks(msh.Text(4, component));
    if (!key.source.empty()) return true;
  }
  key.source = origin_.source_otherwise;
  return true;
}

void Hl7Patients::Finish(FeedRecord&& patient, bool withdrawn) {
  patient.withdrawn = withdrawn;
  TrimTexts(&patient.record);
  patient.record.Normalize();
  sink_.Take(std::move(patient));
}

}  // namespace libmpi
