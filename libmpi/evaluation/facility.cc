// SPDX-License-Identifier: Apache-2.0
// Everything in a row but the name: local number, birth, sex, insurance, address, telephone.
#include "libmpi/evaluation/facility.h"

#include <algorithm>
#include <cstdio>

#include "libmpi/evaluation/errors.h"
#include "libmpi/evaluation/spelling.h"

namespace libmpi {
namespace {

constexpr char kLetters[] = "HCPDK";
constexpr uint64_t kRegisterSeed = 1001;

// Errors, as shares of rows (or of those that have the field).
constexpr double kBirthMissing = 0.010, kBirthDefault = 0.002, kBirthImpossible = 0.001,
                 kBirthSlip = 0.012;
constexpr double kSexMissing = 0.010, kSexWrong = 0.003;
constexpr double kCoverageMissing = 0.06, kOldCard = 0.03, kNumberSlip = 0.010,
                 kSymbolSlip = 0.002, kSymbolMissing = 0.008, kInsurerSlip = 0.003;
constexpr double kBranchLeftOut = 0.08, kBranchWrong = 0.010, kHouseholdersBranch = 0.05;
constexpr double kCareMissing = 0.04, kCareSlip = 0.008;
constexpr double kAddressMissing = 0.03, kStreetSlip = 0.012, kStreetCut = 0.01;
constexpr double kPhoneMissing = 0.15, kPhoneSlip = 0.010, kPhoneDummy = 0.004;
constexpr double kOldName = 0.1, kOldAddress = 0.4;  // not brought up to date; no errors, habits

bool AnyDigit(const std::string& text) {
  return text.find_first_of("0123456789") != std::string::npos;
}

}  // namespace

std::string FacilitySource(size_t kind, int number) {
  char text[24];
  std::snprintf(text, sizeof text, "%c%02d", kLetters[kind], number);
  return text;
}

Facility::Facility(FacilityKind kind, int number, const Habits& habits, uint64_t seed, double dirt)
    : kind_(kind),
      habits_(habits),
      dirt_(dirt),
      source_(FacilitySource(static_cast<size_t>(kind), number)),
      random_(HashCombine(HashCombine(seed, static_cast<uint64_t>(kind)),
                          static_cast<uint64_t>(number))) {
  id_offset_ = random_.Below(9000000);
}

Facility::Facility(const RegionRegister& as, size_t number, uint64_t seed)
    : kind_(FacilityKind::kHospital), dirt_(0), source_(as.source),
      random_(HashCombine(HashCombine(seed, kRegisterSeed), number)) {
  habits_.scripts = as.kana_only ? Habits::Scripts::kKana : Habits::Scripts::kBoth;
  habits_.has_coverage = as.has_coverage;
  habits_.has_address = habits_.has_postal = as.has_address;
  habits_.has_phone = as.has_phone;
  habits_.branch_since = kFirstYear;
  habits_.city = -1;
  id_offset_ = random_.Below(9000000);
}

bool Facility::Slips(double rate) {
  const bool slips = random_.Chance(rate * dirt_);
  statistics_->slips += slips;
  return slips;
}

// Every number once, in no order that tells who came with whom.
std::string Facility::NextId() {
  constexpr uint64_t kPrime = 9999991;
  const uint64_t step = 6000000 + id_offset_ % 300000;
  const uint64_t number = (++written_ * step + id_offset_) % kPrime;
  char text[32];
  const auto n = static_cast<unsigned long long>(number);
  switch (habits_.id_style) {
    case 0: std::snprintf(text, sizeof text, "%08llu", n); break;
    case 1: std::snprintf(text, sizeof text, "%llu", n); break;
    case 2: std::snprintf(text, sizeof text, "%c%07llu", source_[0], n); break;
    default: std::snprintf(text, sizeof text, "%03llu-%04llu", n / 10000, n % 10000); break;
  }
  return text;
}

RegionRow Facility::Write(const Person& person, const Visit& visit, const NamePool& names,
                          RegionStatistics* statistics) {
  statistics_ = statistics;
  RegionRow row;
  row.person = person.id;
  row.twin = person.twin;
  row.facility_kind = static_cast<uint8_t>(kind_);
  row.source = source_;
  row.record_id = NextId();
  const int name_year = random_.Chance(kOldName) ? visit.registered : visit.last;
  const Place& place =
      At(person.places, random_.Chance(kOldAddress) ? visit.registered : visit.last);
  if (person.foreign) {
    WriteForeignName(person, &row);
  } else {
    row.family_name = At(person.family, name_year).kanji;
    WriteJapaneseName(person, name_year, names, &row);
  }
  WriteBirth(person, &row);
  WriteSex(person, &row);
  if (habits_.has_coverage) WriteCoverage(person, visit, &row);
  if (kind_ == FacilityKind::kCare) WriteCare(person, visit.last, &row);
  if (habits_.has_address && !Slips(kAddressMissing)) WriteAddress(place, &row);
  if (habits_.has_phone && !Slips(kPhoneMissing))
    WritePhone(person, place, person.Age(visit.last), &row);
  ++statistics->records;
  statistics->missing_birth_rows += row.birth.empty();
  return row;
}

void Facility::WriteBirth(const Person& person, RegionRow* row) {
  if (Slips(kBirthMissing)) return;
  if (Slips(kBirthDefault)) {
    row->birth = random_.Chance(0.5) ? "1900-01-01" : "9999/99/99";
    return;
  }
  CivilDate date = person.birth;
  if (Slips(kBirthSlip)) date = SlipDate(date, &random_);
  if (Slips(kBirthImpossible)) date = ImpossibleDate(date, &random_);
  row->birth = WriteDate(date, habits_.dates);
  if (habits_.wide_dates) row->birth = FullWidth(row->birth);
}

void Facility::WriteSex(const Person& person, RegionRow* row) {
  if (Slips(kSexMissing)) return;
  constexpr const char* kCodes[][2] = {{"1", "2"}, {"M", "F"}, {"男", "女"}, {"男性", "女性"}};
  const bool female = person.female != Slips(kSexWrong);
  row->sex = kCodes[habits_.sex_style % 4][female];
}

void Facility::WriteCoverage(const Person& person, const Visit& visit, RegionRow* row) {
  if (Slips(kCoverageMissing)) return;
  const int year = Slips(kOldCard) ? visit.registered : visit.last;
  const Card& card = At(person.cards, year);
  row->elderly_card = card.IsElderly();
  row->insurer = Slips(kInsurerSlip) ? SlipDigits(card.insurer, &random_) : card.insurer;
  row->symbol = Slips(kSymbolSlip) ? SlipDigits(card.symbol, &random_) : card.symbol;
  if (Slips(kSymbolMissing)) row->symbol.clear();
  row->number = Slips(kNumberSlip) ? SlipDigits(card.number, &random_) : card.number;
  if (!card.branch.empty()) WriteBranch(card, person.Age(year), year, row);
  if (habits_.pads_insurer && row->insurer.size() == 6) row->insurer.insert(0, "00");
  if (habits_.pads_number && row->number.size() < 7)
    row->number.insert(0, 7 - row->number.size(), '0');
  if (habits_.drops_zeros) {
    row->insurer.erase(0, row->insurer.find_first_not_of('0'));
    row->number.erase(0, std::min(row->number.find_first_not_of('0'), row->number.size() - 1));
  }
  if (habits_.wide_card_numbers) {
    row->symbol = FullWidth(row->symbol);
    row->number = FullWidth(row->number);
  }
}

// On cards since late 2020; kept by those whose system has a place for it.
void Facility::WriteBranch(const Card& card, int age, int year, RegionRow* row) {
  ++statistics_->branch_card_rows;
  std::string branch = card.branch;
  // From 70 to 74 there is a second card, with the householder's branch (facts: formats.md 4d).
  const bool second_card = age >= 70 && age < 75 && Slips(kHouseholdersBranch);
  const bool wrong = Slips(kBranchWrong);
  if (second_card || wrong) branch = card.IsNational() ? "01" : "00";
  if (wrong && branch == card.branch) branch.back() = branch.back() == '2' ? '3' : '2';
  const bool on_card = year >= 2021;
  if (on_card && habits_.branch_glued) row->number += branch;
  if (on_card && year >= habits_.branch_since && !Slips(kBranchLeftOut)) row->branch = branch;
  statistics_->missing_branch_rows += row->branch.empty();
}

void Facility::WriteCare(const Person& person, int year, RegionRow* row) {
  if (person.care.empty() || Slips(kCareMissing)) return;
  const CareCard& card = At(person.care, year);
  row->care_insurer = card.insurer;
  row->care_number = Slips(kCareSlip) ? SlipDigits(card.number, &random_) : card.number;
  if (habits_.wide_card_numbers) row->care_number = FullWidth(row->care_number);
}

void Facility::WriteAddress(const Place& place, RegionRow* row) {
  if (habits_.has_prefecture) row->prefecture = kPrefecture;
  row->city = Cities()[place.city].name;
  const size_t county = row->city.find("郡");
  if (habits_.drops_county && county != std::string::npos) row->city.erase(0, county + 3);
  if (habits_.has_postal && random_.Chance(0.9)) row->postal_code = PostalCode(place);
  if (habits_.id_style == 1) std::erase(row->postal_code, '-');
  row->street = WriteStreet(place);
}

std::string Facility::WriteStreet(const Place& place) {
  std::string street = TownName(place.town);
  if (habits_.drops_oaza && street.starts_with("大字")) street.erase(0, 6);
  if (Slips(kStreetCut)) return street;
  int ban = place.ban, go = place.go;
  if (Slips(kStreetSlip)) (random_.Chance(0.5) ? ban : go) += random_.Chance(0.5) ? 1 : 10;
  const std::string b = std::to_string(ban), g = std::to_string(go);
  if (place.chome > 0) {
    const bool kanji = habits_.kanji_chome && habits_.address_in_words;
    street += kanji ? std::string(KanjiDigit(place.chome)) : std::to_string(place.chome);
    street += habits_.address_in_words ? "丁目" + b + "番" + g + "号" : "-" + b + "-" + g;
  } else {
    street += habits_.address_in_words ? b + "番地の" + g : b + "-" + g;
  }
  if (habits_.has_building && !place.building.empty()) street += " " + place.building;
  return habits_.wide_address ? FullWidth(street) : street;
}

void Facility::WritePhone(const Person& person, const Place& place, int age, RegionRow* row) {
  const double own = age < 16 ? 0.1 : age < 65 ? 0.7 : 0.35;
  const double family = age < 18 ? 0.7 : age >= 75 ? 0.4 : 0;
  std::string digits;
  if (!person.mobile.empty() && random_.Chance(own)) digits = person.mobile;
  else if (!person.family_mobile.empty() && random_.Chance(family)) digits = person.family_mobile;
  else if (!place.landline.empty()) digits = place.landline;
  else digits = person.mobile.empty() ? person.family_mobile : person.mobile;
  if (!AnyDigit(digits)) return;
  if (Slips(kPhoneSlip)) digits = SlipDigits(digits, &random_);
  if (Slips(kPhoneDummy)) digits = "00000000000";
  const size_t area = digits.size() == 11 ? 3 : Cities()[place.city].area_code.size();
  const std::string head = digits.substr(0, area), tail = digits.substr(digits.size() - 4);
  const std::string middle = digits.substr(area, digits.size() - area - 4);
  row->phone = habits_.phone_style == 0   ? head + "-" + middle + "-" + tail
               : habits_.phone_style == 1 ? digits
                                          : head + "(" + middle + ")" + tail;
}

}  // namespace libmpi
