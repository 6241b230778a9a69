// SPDX-License-Identifier: Apache-2.0
#include "libmpi/linkage/scorer.h"

#include <algorithm>
#include <cmath>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/linkage/calibration.h"
#include "libmpi/text/names.h"

namespace libmpi {
namespace {

constexpr float kMaxAdjustment = 4;  // bits a name part, either way
// Pairs below this no threshold of a sane run lets through.
constexpr FixedWeight kLowestHeld = -10 * 1024;
// Pairs below this, unadjusted, are not worth adjusting.
constexpr float kHopeless = -24;

// Whether a name level says that the parts agree, and by which script the
// agreeing value's frequency is known: as NameCounts::Script, -1 none.
int AgreeingScript(int level) {
  switch (level) {
    case kBothEqual:
    case kKanjiEqualKanaNear:
    case kKanjiEqualKanaFar:
    case kKanjiEqual:
    case kKanjiNear: return 0;
    case kKanaEqualKanjiShared:
    case kKanaEqualKanjiDiffer:
    case kBothKanaNear:
    case kKanaEqual:
    case kKanaLoose:
    case kKanaNear:
    case kReadingLikely: return 1;
    case kLatinEqual:
    case kLatinNear: return 2;
    default: return -1;
  }
}

bool DiffersAltogether(int level) {
  return level == kBothDifferent || level == kKanaDifferent || level == kKanjiDifferent ||
         level == kReadingUnlikely || level == kLatinDifferent;
}

bool IsSupport(AgreementPattern p) {
  switch (p.Get(Comparison::kCoverage)) {
    case kCardSamePerson:
    case kCardSameHousehold:
    case kCardBranchNear:
    case kCardNear:
    case kElderlySame:
    case kElderlyNear: return true;
  }
  const int address = p.Get(Comparison::kAddress);
  const int phone = p.Get(Comparison::kPhone);
  const int care = p.Get(Comparison::kCareInsurance);
  return address == kAddressSame || address == kAddressNear || phone == kLandlineSame ||
         phone == kMobileSame || care == kCareSame || care == kCareNear;
}

// Comparisons, sex aside, in which the two could be compared.
int ComparedFields(AgreementPattern p) {
  int told = 0;
  for (Comparison c : {Comparison::kFamilyName, Comparison::kGivenName, Comparison::kBirthDate,
                       Comparison::kCoverage, Comparison::kCareInsurance, Comparison::kAddress,
                       Comparison::kPhone})
    told += p.Get(c) != 0;
  return told;
}

// With so little to compare, no agreement can be certain (a judgement, not a measurement: two
// fields never link, three only to 10 bits).
constexpr int kSparseFields = 2;
constexpr FixedWeight kSparsestCap = -512;
FixedWeight SparseCap(int compared_fields) {
  if (compared_fields <= kSparseFields) return kSparsestCap;
  return compared_fields == 3 ? 10 * 1024 : 60 * 1024;
}

// How many birth dates fit a level, of about 80 years of them.
double AgreeingDates(int birth_level) {
  switch (birth_level) {
    case kBirthEqual: return 1;
    case kBirthSlip: return 40;
    case kBirthClose: return 140;
    case kBirthPartialAgree: return 365;
    default: return 365.25 * 80;
  }
}

double AreaShare(int address_level) {
  if (address_level == kAddressTown) return 0.003;
  if (address_level == kAddressCity || address_level == kAddressAreaSame) return 0.1;
  return 1;
}

}  // namespace

FixedWeight ToFixedWeight(double bits) {
  return static_cast<FixedWeight>(std::lround(std::clamp(bits, -1000.0, 1000.0) * kWeightUnit));
}

double MatchProbability(FixedWeight w) { return 1 / (1 + std::exp2(-WeightBits(w))); }

namespace {

double NationalShareOf(NamePart part, NameCounts::Script script, std::string_view key) {
  return script == NameCounts::Script::kLatin ? NationalRomajiShare(part, key) : NationalShare(part, key);
}

}  // namespace

NameShares::NameShares(const Model& model, const EncodedRecords& records, int threads)
    : NameShares(NameFrequencies(&model.names), records, threads) {}

NameShares::NameShares(const NameFrequencies& frequencies) {
  for (int part = 0; part < 2; ++part)
    for (int script = 0; script < NameCounts::kScripts; ++script)
      chance_[part][script] = static_cast<float>(std::log2(
          frequencies.ChanceAgreement(static_cast<NamePart>(part), static_cast<NameCounts::Script>(script))));
}

namespace {

constexpr uint8_t UseOf(int part, int script) { return static_cast<uint8_t>(1 << (NameCounts::kScripts * part + script)); }

// Calls visit(part, script, text) for the parts of all names.
template <typename Visit>
void ForEachNamePart(const EncodedRecords& records, const Visit& visit) {
  const auto of_name = [&visit](const EncodedName& n) {
    visit(0, 0, n.family_kanji);
    visit(0, 1, n.family_kana);
    visit(0, 2, n.family_latin);
    visit(1, 0, n.given_kanji);
    visit(1, 1, n.given_kana);
    visit(1, 2, n.given_latin);
  };
  for (const EncodedRecord& r : records.records) of_name(r.name);
  for (const MoreValues& more : records.more)
    for (const EncodedName& n : more.names) of_name(n);
}

}  // namespace

void NameShares::Learn(const NameFrequencies& frequencies, int part, int script, TextId id, std::string_view text) {
  const auto p = static_cast<NamePart>(part);
  const auto s = static_cast<NameCounts::Script>(script);
  const double share = frequencies.Share(p, s, text);
  share_[part][script][id] = static_cast<float>(std::log2(share));
  population_share_[part][script][id] = static_cast<float>(std::log2(std::max(share, NationalShareOf(p, s, text))));
}

NameShares::NameShares(const NameFrequencies& frequencies, const EncodedRecords& records, int threads)
    : NameShares(frequencies) {
  const TextDictionary& texts = records.texts;
  used_.assign(texts.id_limit(), 0);
  ForEachNamePart(records, [this](int part, int script, TextId id) { used_[id] |= UseOf(part, script); });
  for (int part = 0; part < 2; ++part)
    for (int script = 0; script < NameCounts::kScripts; ++script) {
      share_[part][script].assign(texts.id_limit(), 0);
      population_share_[part][script].assign(texts.id_limit(), 0);
      ParallelChunks(texts.id_limit(), 4096, threads, [&](size_t begin, size_t end, int) {
        for (size_t id = std::max<size_t>(begin, 1); id < end; ++id)
          if (used_[id] & UseOf(part, script))
            Learn(frequencies, part, script, static_cast<TextId>(id), texts.text(static_cast<TextId>(id)));
      });
    }
  used_ = {};
}

void NameShares::Extend(const NameFrequencies& frequencies, const EncodedRecords& records) {
  used_.resize(records.texts.id_limit());
  for (auto* shares : {&share_, &population_share_})
    for (SharesOfPart& part : *shares)
      for (LargeArray<float>& script : part) script.resize(used_.size());
  ForEachNamePart(records, [&](int part, int script, TextId id) {
    if (id == 0 || (used_[id] & UseOf(part, script))) return;
    used_[id] |= UseOf(part, script);
    Learn(frequencies, part, script, id, records.texts.text(id));
  });
}

namespace {

// The larger share of the two values that agree, 0 where neither has the script.
float LargerShare(NamePart part, int script, const ComparedPair& pair,
                  std::span<const LargeArray<float>> shares) {
  const auto id_of = [&](const EncodedName& n) {
    const bool family = part == NamePart::kFamily;
    switch (static_cast<NameCounts::Script>(script)) {
      case NameCounts::Script::kKanji: return family ? n.family_kanji : n.given_kanji;
      case NameCounts::Script::kKana: return family ? n.family_kana : n.given_kana;
      case NameCounts::Script::kLatin: break;
    }
    return family ? n.family_latin : n.given_latin;
  };
  const auto share_of = [&](TextId id) { return id < shares[script].size() ? shares[script][id] : 0.0f; };
  const float a = share_of(id_of(pair.name_a)), b = share_of(id_of(pair.name_b));
  return a == 0 || b == 0 ? a + b : std::max(a, b);
}

}  // namespace

float NameShares::Log2Share(NamePart part, int level, const ComparedPair& pair,
                            float* chance) const {
  *chance = 0;
  const int script = AgreeingScript(level);
  if (script < 0) return 0;
  const int p = static_cast<int>(part);
  const float share = LargerShare(part, script, pair, share_[p]);
  if (share != 0) *chance = chance_[p][script];
  return share;
}

float NameShares::Log2PopulationShare(NamePart part, int level, const ComparedPair& pair) const {
  const int p = static_cast<int>(part);
  const int script = AgreeingScript(level);
  // A part that differs altogether, as after a marriage, says nothing: any other name would do.
  if (DiffersAltogether(level)) return 0;
  // Parts that are but alike are rarer together than any name.
  if (script < 0) return std::log2(1e-3f);
  float share = LargerShare(part, script, pair, population_share_[p]);
  for (int s = 0; s < NameCounts::kScripts && share == 0; ++s)  // a reading that only romaji tell
    share = LargerShare(part, s, pair, population_share_[p]);
  return share;
}

bool HeldByRecords(const EncodedRecord& a, const EncodedRecord& b, Preset preset) {
  return a.test_patient || b.test_patient || (preset == Preset::kSafe && (a.possible_overlay || b.possible_overlay));
}

double PopulationOf(double told, const Model& model) {
  constexpr double kLeastPopulation = 10e6;
  return told > 0 ? told : std::max(static_cast<double>(model.persons), kLeastPopulation);
}

Scorer::Scorer(const Model* model, const NameShares* shares, double population)
    : model_(model), shares_(shares), log2_population_(std::log2(population)),
      classes_(static_cast<int>(model->classes.size())) {
  for (size_t c = 0; c < model->classes.size(); ++c) {
    const PairClass& pair_class = model->classes[c];
    is_match_[c] = pair_class.is_match;
    family_by_chance_[c] = pair_class.family_by_chance;
    given_by_chance_[c] = pair_class.given_by_chance;
    auto& by_comparison = log2_.emplace_back(kComparisons);
    for (int k = 0; k < kComparisons; ++k)
      for (size_t l = 0; l < pair_class.probability[k].size(); ++l)
        by_comparison[k].push_back(
            l == 0 ? 0 : static_cast<float>(std::log2(pair_class.probability[k][l])));
  }
}

size_t Scorer::PlaceOf(uint32_t pattern) const {
  size_t place = FirstPlaceOf(pattern);
  while (known_[place].used && known_[place].pattern != pattern) place = (place + 1) & (known_.size() - 1);
  return place;
}

const Scorer::Known& Scorer::KnownOf(AgreementPattern pattern) {
  const size_t place = PlaceOf(pattern.bits());
  if (known_[place].used) return known_[place];
  if (2 * (scores_.size() + 1) > known_.size()) {
    std::vector<Known> old(2 * known_.size());
    old.swap(known_);
    for (const Known& known : old)
      if (known.used) known_[PlaceOf(known.pattern)] = known;
  }
  Known& known = known_[PlaceOf(pattern.bits())];
  return known = MakeKnown(pattern);
}

Scorer::Known Scorer::MakeKnown(AgreementPattern pattern) {
  ClassScores plain;
  for (int c = 0; c < classes_; ++c) {
    double sum = std::log2(model_->classes[c].share);
    for (int k = 0; k < kComparisons; ++k) sum += log2_[c][k][pattern.Get(k)];
    plain.log2_mass[c] = static_cast<float>(sum);
  }
  const float bits = Combine(plain);
  PatternScores scores;
  scores.log2_mass = plain.log2_mass;
  const int compared = ComparedFields(pattern);
  scores.sparse_cap = SparseCap(compared);
  scores.sparse = compared <= kSparseFields;
  scores.name_only = !IsSupport(pattern);
  scores.hopeless = bits < kHopeless;
  const PairScore finished = Finished(scores, bits);
  const bool adjustable = model_->frequency_strength > 0 && !scores.hopeless &&
                          (AgreeingScript(pattern.Get(Comparison::kFamilyName)) >= 0 ||
                           AgreeingScript(pattern.Get(Comparison::kGivenName)) >= 0);
  Known known;
  known.pattern = pattern.bits();
  known.scores = static_cast<uint32_t>(scores_.size());
  known.used = true;
  known.weight = finished.weight;
  known.settled = !adjustable && !(scores.name_only && finished.weight > kLowestHeld);
  known.capped = finished.capped;
  known.held = finished.held;
  scores_.push_back(scores);
  return known;
}

float Scorer::Combine(const ClassScores& scores) const {
  // Powers of two below this are none.
  constexpr float kVanishing = -150;
  // [0]: classes of non-matches, [1]: of matches.
  std::array<float, 2> top = {-1e30f, -1e30f}, sum = {0, 0};
  for (int c = 0; c < classes_; ++c) top[is_match_[c]] = std::max(top[is_match_[c]], scores.log2_mass[c]);
  for (int c = 0; c < classes_; ++c) {
    const float below = scores.log2_mass[c] - top[is_match_[c]];
    if (below == 0) sum[is_match_[c]] += 1;
    else if (below > kVanishing) sum[is_match_[c]] += std::exp2(below);
  }
  return top[1] - top[0] + std::log2(sum[1] / sum[0]);
}

ClassScores Scorer::ScoreClasses(const ComparedPair& pair) {
  return Adjusted(scores_[KnownOf(pair.pattern).scores], pair);
}

ClassScores Scorer::Adjusted(const PatternScores& pattern, const ComparedPair& pair) const {
  ClassScores scores;
  scores.log2_mass = pattern.log2_mass;
  if (model_->frequency_strength <= 0 || pattern.hopeless) return scores;
  const auto adjustment = [&](NamePart part, Comparison comparison) {
    float chance;
    const float share =
        shares_->Log2Share(part, pair.pattern.Get(comparison), pair, &chance);
    const float bits = static_cast<float>(model_->frequency_strength) * (share - chance);
    return std::clamp(bits, -kMaxAdjustment, kMaxAdjustment);
  };
  scores.family_adjustment = adjustment(NamePart::kFamily, Comparison::kFamilyName);
  scores.given_adjustment = adjustment(NamePart::kGiven, Comparison::kGivenName);
  for (int c = 0; c < classes_; ++c) {
    if (family_by_chance_[c]) scores.log2_mass[c] += scores.family_adjustment;
    if (given_by_chance_[c]) scores.log2_mass[c] += scores.given_adjustment;
  }
  return scores;
}

double Scorer::ExpectedOthers(const ComparedPair& pair) const {
  double log2_expected = log2_population_;
  log2_expected += shares_->Log2PopulationShare(
      NamePart::kFamily, pair.pattern.Get(Comparison::kFamilyName), pair);
  log2_expected += shares_->Log2PopulationShare(
      NamePart::kGiven, pair.pattern.Get(Comparison::kGivenName), pair);
  const double expected = std::exp2(log2_expected) *
                          AgreeingDates(pair.pattern.Get(Comparison::kBirthDate)) / (365.25 * 80);
  return expected * AreaShare(pair.pattern.Get(Comparison::kAddress));
}

// The score but for the rule of common names.
PairScore Scorer::Finished(const PatternScores& pattern, double bits) const {
  PairScore score;
  score.held = pattern.sparse;
  if (model_->calibration) bits = Calibrated(*model_->calibration, bits);
  score.weight = ToFixedWeight(bits);
  if (score.weight > pattern.sparse_cap) {
    score.weight = pattern.sparse_cap;
    score.capped = true;
  }
  return score;
}

PairScore Scorer::Score(const ComparedPair& pair) {
  const Known& known = KnownOf(pair.pattern);
  if (known.settled) {
    PairScore score;
    score.weight = known.weight;
    score.capped = known.capped;
    score.held = known.held;
    return score;
  }
  const PatternScores& pattern = scores_[known.scores];
  PairScore score = Finished(pattern, Combine(Adjusted(pattern, pair)));
  // Also where the weight is low: a lower threshold must not let the pair through.
  if (pattern.name_only && score.weight > kLowestHeld && ExpectedOthers(pair) >= kCommonNameExpected) {
    score.held = true;
    score.common_name = true;
  }
  return score;
}

}  // namespace libmpi
