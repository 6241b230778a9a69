// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/carried.h"

#include <algorithm>
#include <array>
#include <vector>

#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/record/sex.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

std::string InOneField(std::string_view whole, std::string_view family, std::string_view given) {
  std::string text = CleanText(whole);
  if (!text.empty()) return text;
  const std::string first = CleanText(family), second = CleanText(given);
  return first + (first.empty() || second.empty() ? "" : "　") + second;
}

bool IsInsuranceLaw(std::string_view law) {
  constexpr std::array<std::string_view, 18> kLaws = {"00", "01", "02", "03", "04", "06", "07", "31", "32",
                                                      "33", "34", "39", "63", "67", "72", "73", "74", "75"};
  return std::ranges::find(kLaws, law) != kLaws.end();
}

}  // namespace

std::string CarriedFullName(const StatedName& name) {
  std::string text = InOneField(name.full, name.family, name.given);
  return text.empty() ? CleanText(name.latin) : text;
}
std::string CarriedKanaName(const StatedName& name) {
  return InOneField(name.full_kana, name.family_kana, name.given_kana);
}

std::string CarriedBirth(const Record& record, std::string_view between) {
  if (record.births.empty()) return "";
  const std::string date = hl7v2::Hl7DateOf(record.births[0]);
  if (date.size() != 8) return CleanText(record.births[0]);
  std::string out = date.substr(0, 4);
  out.append(between).append(date, 4, 2).append(between).append(date, 6, 2);
  return out;
}

std::string CarriedSex(const Record& record) {
  if (record.sexes.empty()) return "";
  std::vector<Finding> ignored;
  switch (ParseSex(record.sexes[0], &ignored)) {
    case Sex::kMale:
      return "1";
    case Sex::kFemale:
      return "2";
    default:
      return CleanText(record.sexes[0]);
  }
}

StatedCoverage CarriedCoverage(const StatedCoverage& card) {
  return {CleanText(card.insurer), CleanText(card.symbol), CleanText(card.number), CleanText(card.branch)};
}

bool IsPublicExpense(const StatedCoverage& card) {
  const std::string insurer = FoldWidth(card.insurer);
  return insurer.size() == 8 && AreDigits(insurer) && !IsInsuranceLaw(std::string_view(insurer).substr(0, 2));
}

std::optional<StatedCoverage> CarriedInsurance(const Record& record) {
  for (const StatedCoverage& each : record.coverages) {
    StatedCoverage card = CarriedCoverage(each);
    if (IsPublicExpense(card) || (card.insurer.empty() && card.number.empty())) continue;
    if (card.insurer.size() == 6 && AreDigits(card.insurer)) card.insurer.insert(0, "00");
    return card;
  }
  return std::nullopt;
}

StatedAddress CarriedAddress(const Record& record) {
  StatedAddress out;
  if (record.addresses.empty()) return out;
  const StatedAddress& said = record.addresses[0];
  out.postal_code = CleanText(said.postal_code);
  out.full = CleanText(said.full.empty() ? said.prefecture + said.city + said.street : said.full);
  return out;
}

Record CarriedPerson(const Record& record, std::string_view between) {
  Record out;
  out.key = {record.key.source, CleanText(record.key.record_id)};
  if (!record.names.empty()) {
    StatedName name;
    name.full = CarriedFullName(record.names[0]);
    name.full_kana = CarriedKanaName(record.names[0]);
    AddName(std::move(name), &out);
  }
  AddBirth(CarriedBirth(record, between), &out);
  AddSex(CarriedSex(record), &out);
  AddAddress(CarriedAddress(record), &out);
  return out;
}

}  // namespace libmpi
