// SPDX-License-Identifier: Apache-2.0
#include "libmpi/evaluation/error_kinds.h"

#include <algorithm>
#include <array>

namespace libmpi {
namespace {

// A comparison as low as this is the reason, whatever is missing.
constexpr double kStrongAgainst = -3;
// One above this does not speak against anything.
constexpr double kWeakAgainst = -0.5;

std::string_view LevelOf(const Explanation& pair, std::string_view comparison) {
  for (const Explanation::Bar& bar : pair.bars)
    if (bar.comparison == comparison) return bar.level;
  return "missing";
}

template <size_t n>
bool In(std::string_view level, const std::array<std::string_view, n>& levels) {
  return std::find(levels.begin(), levels.end(), level) != levels.end();
}

enum class Agreement { kMissing, kAgrees, kNear, kDiffers };

Agreement FamilyAgreement(std::string_view level) {
  static constexpr std::array<std::string_view, 11> kAgreeing = {
      "both_equal", "kanji_equal_kana_near", "kanji_equal_kana_far", "kana_equal_kanji_shared",
      "kana_equal_kanji_differ", "kana_equal", "kana_loose", "kanji_equal", "kanji_near", "reading_likely",
      "latin_equal"};
  static constexpr std::array<std::string_view, 5> kDiffering = {
      "both_different", "kana_different", "kanji_different", "reading_unlikely", "latin_different"};
  if (level == "missing") return Agreement::kMissing;
  if (In(level, kAgreeing)) return Agreement::kAgrees;
  return In(level, kDiffering) ? Agreement::kDiffers : Agreement::kNear;
}

// 登子 ノリコ / ノブコ and 陽子 / 洋子 are two given names, though close ones.
Agreement GivenAgreement(std::string_view level) {
  return level == "kanji_equal_kana_far" || level == "kana_equal_kanji_differ" ? Agreement::kNear
                                                                              : FamilyAgreement(level);
}

bool OneHousehold(const Explanation& pair) {
  static constexpr std::array<std::string_view, 3> kOneCard = {
      "same_card_same_branch", "same_card_other_branch", "same_card_branch_missing"};
  static constexpr std::array<std::string_view, 2> kOnePhone = {"landline_same", "mobile_same"};
  const std::string_view address = LevelOf(pair, "address");
  return In(LevelOf(pair, "coverage"), kOneCard) || address == "same" || address == "near" ||
         In(LevelOf(pair, "phone"), kOnePhone);
}

bool IsScriptLevel(std::string_view level) { return level.starts_with("reading_") || level.starts_with("latin_"); }
bool IsNearLevel(std::string_view level) {
  return level == "slip" || level.ends_with("near") || level == "kana_loose" || level.ends_with("shared");
}

MissedKind ReasonOf(const Explanation::Bar& bar) {
  const bool family = bar.comparison == "family_name", given = bar.comparison == "given_name";
  if ((family || given) && IsScriptLevel(bar.level)) return MissedKind::kScript;
  if (IsNearLevel(bar.level)) return MissedKind::kTypo;
  if (family) return MissedKind::kNameChange;
  if (given) return MissedKind::kGivenName;
  if (bar.comparison == "birth_date") return MissedKind::kBirthDate;
  if (bar.comparison == "sex") return MissedKind::kSex;
  if (bar.comparison == "address") return MissedKind::kMoved;
  if (bar.comparison == "phone") return MissedKind::kPhone;
  return MissedKind::kInsurance;
}

}  // namespace

std::string_view KindName(WrongKind kind) {
  switch (kind) {
    case WrongKind::kTwins: return "twins";
    case WrongKind::kSameNameAndBirth: return "same_name_and_birth_date";
    case WrongKind::kHouseholdNamesake: return "household_namesake";
    case WrongKind::kNamesake: return "namesake";
    case WrongKind::kHousehold: return "household";
    case WrongKind::kSameBirth: return "same_birth_date";
    case WrongKind::kOther: return "other";
  }
  return "";
}

std::string_view KindName(MissedKind kind) {
  switch (kind) {
    case MissedKind::kNameChange: return "name_change";
    case MissedKind::kGivenName: return "given_name";
    case MissedKind::kScript: return "script";
    case MissedKind::kTypo: return "typo";
    case MissedKind::kBirthDate: return "birth_date";
    case MissedKind::kSex: return "sex";
    case MissedKind::kInsurance: return "insurance";
    case MissedKind::kMoved: return "moved";
    case MissedKind::kPhone: return "phone";
    case MissedKind::kMissingFields: return "missing_fields";
  }
  return "";
}

std::string_view StageName(MissedStage stage) {
  switch (stage) {
    case MissedStage::kNotBlocked: return "not_blocked";
    case MissedStage::kHeld: return "held";
    case MissedStage::kBelowThreshold: return "below_threshold";
    case MissedStage::kClustering: return "clustering";
  }
  return "";
}

WrongKind KindOfWrong(const Explanation& pair) {
  const Agreement family = FamilyAgreement(LevelOf(pair, "family_name"));
  const Agreement given = GivenAgreement(LevelOf(pair, "given_name"));
  const std::string_view birth = LevelOf(pair, "birth_date");
  const bool one_birth = birth == "equal" || birth == "slip";
  const bool one_name = family == Agreement::kAgrees && given == Agreement::kAgrees;
  const bool household = OneHousehold(pair);
  if (one_name && one_birth) return WrongKind::kSameNameAndBirth;
  if (one_birth && (family == Agreement::kAgrees || household)) return WrongKind::kTwins;
  if (one_name) return household ? WrongKind::kHouseholdNamesake : WrongKind::kNamesake;
  if (household) return WrongKind::kHousehold;
  return one_birth ? WrongKind::kSameBirth : WrongKind::kOther;
}

MissedKind KindOfMissed(const Explanation& pair) {
  const Explanation::Bar* lowest = nullptr;
  bool names_a_person = true;
  for (const Explanation::Bar& bar : pair.bars) {
    if (bar.level != "missing" && (lowest == nullptr || bar.weight < lowest->weight)) lowest = &bar;
    if (bar.level == "missing" && (bar.comparison == "family_name" || bar.comparison == "given_name" ||
                                   bar.comparison == "birth_date"))
      names_a_person = false;
  }
  if (lowest == nullptr) return MissedKind::kMissingFields;
  const bool against = lowest->weight < (names_a_person ? kWeakAgainst : kStrongAgainst);
  return against ? ReasonOf(*lowest) : MissedKind::kMissingFields;
}

std::string LevelsText(const Explanation& pair) {
  std::string text;
  for (const Explanation::Bar& bar : pair.bars) {
    if (bar.level == "missing") continue;
    if (!text.empty()) text += ' ';
    text += bar.comparison + ":" + bar.level;
  }
  return text;
}

}  // namespace libmpi
