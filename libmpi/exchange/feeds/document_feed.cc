// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/document_feed.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "libmpi/base/hash.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// Without what the same card is written with or without.
std::string Folded(std::string_view text) {
  std::string folded = FoldWidth(text);
  for (char& c : folded)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  folded.erase(0, std::min(folded.find_first_not_of('0'), folded.size()));
  return folded;
}

}  // namespace

absl::Status DocumentFeed::Take(std::string_view bytes) {
  if (!status_.ok()) return status_;
  if (bytes_.size() + bytes.size() > options_.max_document_bytes) {
    bytes_ = std::string();
    return status_ = absl::InvalidArgumentError("the document is larger than a document may be");
  }
  bytes_.append(bytes);
  return status_;
}

absl::Status DocumentFeed::End() {
  LIBMPI_RETURN_IF_ERROR(status_);
  const auto document = Parse();
  status_ = document.ok() ? Read(document->root()) : document.status();
  return status_;
}

absl::StatusOr<XmlDocument> DocumentFeed::Parse() {
  DocumentText text = DecodeDocument(bytes_, options_.encoding);
  bytes_ = std::string();
  encoding_ = text.encoding;
  malformed_ = text.malformed;
  if (!text.as_declared) sink_.Note({0, "", "the document is not in the charset that it says it is in"});
  const XmlLimits limits = XmlLimits::OfBytes(options_.max_document_bytes);
  const size_t first = text.utf8.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return absl::InvalidArgumentError("the document is empty");
  const char begin = text.utf8[first];
  if (accepts_json_ && (begin == '{' || begin == '[')) return XmlDocument::ParseJson(text.utf8, limits);
  return XmlDocument::Parse(std::move(text.utf8), limits);
}

FeedRecord DocumentFeed::NextPatient() {
  FeedRecord patient;
  patient.line = ++patients_;
  return patient;
}

void DocumentFeed::Give(FeedRecord&& patient) {
  if (patient.record.key.record_id.empty())
    return sink_.Refuse({patient.line, "record_id", "the patient has no number"});
  patient.record.Normalize();
  sink_.Take(std::move(patient));
}

void DocumentFeed::GiveByCard(FeedRecord&& patient) {
  const auto& cards = patient.record.coverages;
  const auto card = std::ranges::find_if(cards, [](const StatedCoverage& each) { return !each.number.empty(); });
  if (card == cards.end())
    return sink_.Refuse({patient.line, "record_id", "the patient has neither a number nor an insured number"});
  const std::vector<std::string>& births = patient.record.births;
  patient.record.key.record_id = NumberOfCard(*card, births.empty() ? "" : births[0]);
  sink_.Note(
      {patient.line, "record_id", "the patient has no number of the institution: one made of the card stands for it"});
  Give(std::move(patient));
}

std::string DocumentFeed::SourceOf(std::string_view said) const {
  if (!options_.source.empty()) return options_.source;
  return said.empty() ? FileStem(options_.path) : std::string(said);
}

std::string NumberOfCard(const StatedCoverage& card, std::string_view birth) {
  std::string said;
  for (const std::string_view text : {card.insurer, card.symbol, card.number, card.branch}) said += Folded(text) + '\n';
  if (WithoutBlanks(card.branch).empty()) said += DigitsOnly(birth);
  char text[32];
  std::snprintf(text, sizeof text, "card-%016llx", static_cast<unsigned long long>(HashBytes(said)));
  return text;
}

StatedName NameByScript(std::string text) {
  StatedName name;
  const Script script = ScriptOf(text);
  (script == Script::kKana ? name.full_kana : script == Script::kLatin ? name.latin : name.full) = std::move(text);
  return name;
}

void AddBirth(std::string text, Record* record) {
  if (!text.empty()) record->births.push_back(std::move(text));
}
void AddSex(std::string text, Record* record) {
  if (!text.empty()) record->sexes.push_back(std::move(text));
}
void AddPhone(std::string text, Record* record) {
  if (!text.empty()) record->phones.push_back(std::move(text));
}
void AddName(StatedName name, Record* record) {
  if (name != StatedName()) record->names.push_back(std::move(name));
}
void AddAddress(StatedAddress address, Record* record) {
  if (address != StatedAddress()) record->addresses.push_back(std::move(address));
}
void AddCoverage(StatedCoverage card, Record* record) {
  if (!card.insurer.empty() || !card.number.empty()) record->coverages.push_back(std::move(card));
}

}  // namespace libmpi
