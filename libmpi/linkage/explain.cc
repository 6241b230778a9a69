// SPDX-License-Identifier: Apache-2.0
// Why a pair has the weight it has.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/linkage/blocking_keys.h"
#include "libmpi/linkage/calibration.h"
#include "libmpi/linkage/comparator.h"
#include "libmpi/linkage/encoder.h"
#include "libmpi/linkage/explain_scored.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/linkage/scorer.h"
#include "libmpi/record/iso_date.h"
#include "nlohmann/json.hpp"

namespace libmpi {
namespace {

void AppendPart(std::string_view part, char separator, std::string* out) {
  if (part.empty()) return;
  if (!out->empty()) *out += separator;
  *out += part;
}

// What a record says for a comparison, folded, all values.
std::string ValuesOf(Comparison comparison, const Features& f) {
  std::string out;
  switch (comparison) {
    case Comparison::kFamilyName:
    case Comparison::kGivenName: break;  // from the compared forms
    case Comparison::kBirthDate:
      for (const CivilDate& d : f.births) AppendPart(IsoDateText(d), ' ', &out);
      break;
    case Comparison::kSex:
      for (Sex s : f.sexes) AppendPart(s == Sex::kMale ? "M" : "F", ' ', &out);
      break;
    case Comparison::kCoverage:
      for (const CoverageFeatures& c : f.coverages)
        AppendPart(c.insurer + ":" + c.symbol + ":" + c.number + ":" + c.branch, ' ', &out);
      break;
    case Comparison::kCareInsurance:
      for (const CareFeatures& c : f.care) AppendPart(c.insurer + ":" + c.number, ' ', &out);
      break;
    case Comparison::kAddress:
      for (const AddressFeatures& a : f.addresses) {
        std::string one;
        for (const std::string* part : {&a.postal_code, &a.city, &a.town, &a.numbers, &a.building})
          AppendPart(*part, ',', &one);
        AppendPart(one, ' ', &out);
      }
      break;
    case Comparison::kPhone:
      for (const PhoneFeatures& p : f.phones) AppendPart(p.digits, ' ', &out);
      break;
  }
  return out;
}

std::string NameValue(const TextDictionary& texts, bool family, const EncodedName& n) {
  std::string out;
  for (TextId id : family ? std::array{n.family_kanji, n.family_kana, n.family_latin}
                          : std::array{n.given_kanji, n.given_kana, n.given_latin})
    AppendPart(texts.text(id), '/', &out);
  return out;
}

// The two records, encoded as a set of their own.
struct EncodedPair {
  Features features[2];
  EncodedRecords records;
  std::vector<uint64_t> keys[2];
};

void Encode(const Record& a, const Record& b, const Standardizer& standardizer,
            const ReadingModel& readings, EncodedPair* out) {
  out->records.more.emplace_back();
  for (int i = 0; i < 2; ++i) {
    Record record = i == 0 ? a : b;
    record.Normalize();
    out->features[i] = standardizer.Standardize(record);
    MoreValues more;
    out->records.records.push_back(
        EncodeFeatures(out->features[i], readings, &out->records.texts, &more));
    out->records.more.push_back(std::move(more));
    out->records.records.back().more = static_cast<uint32_t>(out->records.more.size() - 1);
    AppendBlockingKeys(out->features[i], TermsOf(out->features[i].names, readings),
                       out->records.records[i].given_initial, &out->keys[i]);
  }
  out->records.texts.Freeze();
}

// Of the classes of matches, or of non-matches, the one that explains the pair best; -1 where there is none.
int LeadingClass(const Model& model, const ClassScores& scores, bool is_match) {
  int best = -1;
  for (size_t c = 0; c < model.classes.size(); ++c)
    if (model.classes[c].is_match == is_match && (best < 0 || scores.log2_mass[c] > scores.log2_mass[best]))
      best = static_cast<int>(c);
  return best;
}

// log2 of how much the classes of one kind explain together, over what the leading one does.
double OtherClasses(const Model& model, const ClassScores& scores, int leading) {
  double all = 0;
  for (size_t c = 0; c < model.classes.size(); ++c)
    if (model.classes[c].is_match == model.classes[leading].is_match)
      all += std::exp2(scores.log2_mass[c] - scores.log2_mass[leading]);
  return std::log2(all);
}

void AddBars(const EncodedPair& pair, const ComparedPair& compared,
             const ClassScores& scores, const PairClass& match, const PairClass& rival,
             Explanation* out) {
  for (int k = 0; k < kComparisons; ++k) {
    const auto comparison = static_cast<Comparison>(k);
    const int level = compared.pattern.Get(k);
    Explanation::Bar bar;
    bar.comparison = ComparisonName(comparison);
    bar.level = Levels(k)[level].name;
    const bool family = comparison == Comparison::kFamilyName;
    if (family || comparison == Comparison::kGivenName) {
      bar.value_a = NameValue(pair.records.texts, family, compared.name_a);
      bar.value_b = NameValue(pair.records.texts, family, compared.name_b);
      if (pair.records.records[0].content_hash > pair.records.records[1].content_hash)
        std::swap(bar.value_a, bar.value_b);
      if (family && rival.family_by_chance) bar.frequency_weight = -scores.family_adjustment;
      if (!family && rival.given_by_chance) bar.frequency_weight = -scores.given_adjustment;
    } else {
      bar.value_a = ValuesOf(comparison, pair.features[0]);
      bar.value_b = ValuesOf(comparison, pair.features[1]);
    }
    if (level != 0) {
      bar.m = match.probability[k][level];
      bar.u = rival.probability[k][level];
      bar.weight = std::log2(bar.m / bar.u);
    }
    out->bars.push_back(std::move(bar));
  }
}

// A shared key brings the two together as it is, or, where too many records have it, once sharpened
// by the values that refine it.
void AddBlockingRules(const EncodedPair& pair, Explanation* out) {
  const EncodedRecord &a = pair.records.records[0], &b = pair.records.records[1];
  std::set<std::string> always, unless_common;
  for (uint64_t key : pair.keys[0]) {
    if (!std::binary_search(pair.keys[1].begin(), pair.keys[1].end(), key)) continue;
    uint64_t key_a = key, key_b = key;
    for (int step = 0; step < kRefinements; ++step) {
      key_a = RefinedKey(key_a, a, pair.records.texts, step);
      key_b = RefinedKey(key_b, b, pair.records.texts, step);
    }
    (key_a == key_b ? always : unless_common).emplace(BlockingRuleName(RuleOfKey(key)));
  }
  out->blocking_rules.assign(always.begin(), always.end());
  for (const std::string& rule : unless_common)
    if (!always.contains(rule)) out->rules_unless_common.push_back(rule);
  if (always.empty() && unless_common.empty())
    out->notes.push_back("no blocking rule brings the two together; compared on demand");
}

std::string Line(const char* format, const std::string& a, const std::string& b, double x) {
  char text[512];
  std::snprintf(text, sizeof text, format, a.c_str(), b.c_str(), x);
  return text;
}

}  // namespace

// What explaining needs of a model, made once.
struct PairExplainer::Rep {
  Rep(const Model& m, const LinkOptions& o)
      : model(m), frequencies(&m.names), readings(m.names.Readings()),
        standardizer(StandardizeOptions{o.today, m.insurer_check_digits}, &m.names, &readings),
        scoring{&model, &readings, &frequencies, PopulationOf(o.population, m), o.preset} {}
  const Model& model;
  const NameFrequencies frequencies;
  const ReadingModel readings;
  const Standardizer standardizer;
  const PairScoring scoring;
};

PairExplainer::PairExplainer(std::unique_ptr<const Rep> rep) : rep_(std::move(rep)) {}
PairExplainer::PairExplainer(PairExplainer&&) noexcept = default;
PairExplainer& PairExplainer::operator=(PairExplainer&&) noexcept = default;
PairExplainer::~PairExplainer() = default;

absl::StatusOr<PairExplainer> PairExplainer::Create(const Model& model, const LinkOptions& options) {
  LIBMPI_RETURN_IF_ERROR(model.Validate());
  return PairExplainer(std::make_unique<const Rep>(model, options));
}

Explanation PairExplainer::Explain(const Record& a, const Record& b) const {
  return ExplainScored(rep_->scoring, rep_->standardizer, a, b);
}

Explanation ExplainScored(const PairScoring& by, const Standardizer& standardizer, const Record& a, const Record& b) {
  const Model& model = *by.model;
  const ReadingModel& readings = *by.readings;
  EncodedPair pair;
  Encode(a, b, standardizer, readings, &pair);
  const NameShares shares(*by.frequencies, pair.records, 1);
  Scorer scorer(&model, &shares, by.population);
  Comparator comparator(&pair.records, &readings);
  const ComparedPair compared = comparator.Compare(0, 1);
  const ClassScores scores = scorer.ScoreClasses(compared);
  const EncodedRecord &record_a = pair.records.records[0], &record_b = pair.records.records[1];
  const PairScore score = ScoreCompared(record_a, record_b, compared, by.preset, comparator, &scorer);

  Explanation out;
  out.weight = score.weight;
  const int match = LeadingClass(model, scores, true), rival = LeadingClass(model, scores, false);
  if (match < 0 || rival < 0) return out;
  const PairClass &match_class = model.classes[match], &rival_class = model.classes[rival];
  out.match_class = match_class.name;
  out.rival_class = rival_class.name;
  out.prior_weight = std::log2(match_class.share / rival_class.share);
  AddBars(pair, compared, scores, match_class, rival_class, &out);
  double against_rival = out.prior_weight;
  for (const Explanation::Bar& bar : out.bars) against_rival += bar.weight + bar.frequency_weight;
  out.other_classes_weight = OtherClasses(model, scores, match) - OtherClasses(model, scores, rival);
  const double sum = against_rival + out.other_classes_weight;
  if (model.calibration) out.calibration_weight = Calibrated(*model.calibration, sum) - sum;
  if (score.capped) out.cap_weight = WeightBits(score.weight) - sum - out.calibration_weight;
  out.held = score.held;
  if (score.common_name)
    out.notes.push_back("name, birth date and sex alone: " +
                        std::to_string(scorer.ExpectedOthers(compared)) +
                        " other persons are expected to agree as well, so this never links "
                        "without a person's decision");
  if (score.capped)
    out.notes.push_back("too little could be compared for a higher weight");
  if (score.apart)
    out.notes.push_back("given names or branches of one card are more than a slip apart, as twins' are, so this never "
                        "links without a person's decision, nor through other records");
  if (HeldByRecords(record_a, record_b, by.preset))
    out.notes.push_back("one of the records may be several persons' or is a test patient's, so this never links "
                        "without a person's decision");
  AddBlockingRules(pair, &out);
  return out;
}

absl::StatusOr<Explanation> ExplainPair(const Record& a, const Record& b, const Model& model,
                                       const LinkOptions& options) {
  auto explainer = PairExplainer::Create(model, options);
  if (!explainer.ok()) return explainer.status();
  return explainer->Explain(a, b);
}

std::string Explanation::ToText() const {
  std::string text;
  char line[160];
  std::snprintf(line, sizeof line, "match weight %.3f bits, match probability %.6f\n",
                WeightBits(weight), MatchProbability(weight));
  text += line;
  text += "compared: " + match_class + " against " + rival_class + "\n";
  text += Line("  %-16s %-26s %+8.3f\n", "prior", "", prior_weight);
  for (const Bar& bar : bars) {
    text += Line("  %-16s %-26s %+8.3f", bar.comparison, bar.level, bar.weight);
    if (bar.frequency_weight != 0) text += Line("%s  frequency%s %+.3f", "", "", bar.frequency_weight);
    if (!bar.value_a.empty() || !bar.value_b.empty())
      text += "   " + (bar.value_a.empty() ? "-" : bar.value_a) + " | " +
              (bar.value_b.empty() ? "-" : bar.value_b);
    text += '\n';
  }
  text += Line("  %-16s %-26s %+8.3f\n", "other classes", "", other_classes_weight);
  if (calibration_weight != 0) text += Line("  %-16s %-26s %+8.3f\n", "labels", "", calibration_weight);
  if (cap_weight != 0) text += Line("  %-16s %-26s %+8.3f\n", "cap", "", cap_weight);
  text += "blocking rules that met:";
  for (const std::string& rule : blocking_rules) text += " " + rule;
  text += blocking_rules.empty() ? " none\n" : "\n";
  if (!rules_unless_common.empty()) {
    text += "and, unless the key is one of the common ones that are sharpened:";
    for (const std::string& rule : rules_unless_common) text += " " + rule;
    text += '\n';
  }
  for (const std::string& note : notes) text += "note: " + note + "\n";
  return text;
}

std::string Explanation::ToJson() const {
  nlohmann::ordered_json json = {{"match_weight", WeightBits(weight)},
                                 {"match_probability", MatchProbability(weight)},
                                 {"held", held},
                                 {"prior_weight", prior_weight},
                                 {"match_class", match_class},
                                 {"rival_class", rival_class},
                                 {"other_classes_weight", other_classes_weight},
                                 {"calibration_weight", calibration_weight},
                                 {"cap_weight", cap_weight},
                                 {"blocking_rules", blocking_rules},
                                 {"blocking_rules_unless_common", rules_unless_common},
                                 {"notes", notes},
                                 {"comparisons", nlohmann::ordered_json::array()}};
  for (const Bar& bar : bars)
    json["comparisons"].push_back({{"comparison", bar.comparison},
                                   {"level", bar.level},
                                   {"value_a", bar.value_a},
                                   {"value_b", bar.value_b},
                                   {"m", bar.m},
                                   {"u", bar.u},
                                   {"weight", bar.weight},
                                   {"frequency_weight", bar.frequency_weight}});
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace libmpi
