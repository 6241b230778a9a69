// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/report_pairs.h"

#include <cmath>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/base/parallel.h"
#include "libmpi/linkage/linker.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::Link;
using libmpi::LinkDecision;
using libmpi::Record;

// The first of the links that fit for which no other is better.
template <typename Fits>
const Link* Best(const std::vector<Link>& links, const Fits& fits, bool lowest) {
  const Link* best = nullptr;
  for (const Link& link : links)
    if (fits(link) && (best == nullptr || (lowest ? link.weight < best->weight : link.weight > best->weight)))
      best = &link;
  return best;
}

}  // namespace

std::vector<ReportPair> ChoosePairs(const std::vector<Link>& links, double match_threshold) {
  const libmpi::FixedWeight threshold = libmpi::ToFixedWeight(match_threshold);
  std::vector<ReportPair> pairs;
  const auto choose = [&](const char* role, bool lowest, const auto& fits) {
    const Link* link = Best(links, fits, lowest);
    if (link == nullptr) return;
    for (const ReportPair& pair : pairs)
      if (pair.a == link->a && pair.b == link->b) return;
    pairs.push_back({link->a, link->b, {{"role", role}, {"linked", link->decision == LinkDecision::kMatch}}});
  };
  const auto linked = [](const Link& l) { return l.decision == LinkDecision::kMatch; };
  choose("strongest", false, linked);
  choose("just_above", true, [&](const Link& l) { return linked(l) && !l.held && l.weight >= threshold; });
  choose("just_below", false, [&](const Link& l) { return !linked(l) && l.weight < threshold; });
  choose("strongest_apart", false, [&](const Link& l) { return !linked(l) && l.weight >= threshold; });
  choose("weakest_together", true, [&](const Link& l) { return linked(l) && l.weight < threshold; });
  return pairs;
}

std::vector<ReportPair> ReviewPairs(const std::vector<libmpi::ReviewItem>& review) {
  std::vector<ReportPair> pairs;
  uint32_t last_case = 0;
  for (const libmpi::ReviewItem& item : review) {
    if (item.review_case == last_case) {
      Json& count = pairs.back().about["pairs"];
      count = count.get<int>() + 1;
      continue;
    }
    if (pairs.size() == kReviewShown) break;
    last_case = item.review_case;
    pairs.push_back({item.a, item.b,
                     {{"case", item.review_case}, {"reason", libmpi::ReviewReasonName(item.reason)},
                      {"priority", item.priority}, {"pairs", 1}}});
  }
  return pairs;
}

namespace {

Json KeyJson(const libmpi::RecordKey& key) { return {{"source", key.source}, {"id", key.IdText()}}; }

// Bits as a page needs them: to a thousandth.
double Rounded(double bits) { return std::round(bits * 1000) / 1000; }

Json ExplanationJson(const libmpi::Explanation& e, bool with_values) {
  Json out = {{"weight", Rounded(libmpi::WeightBits(e.weight))}, {"probability", libmpi::MatchProbability(e.weight)},
              {"match", e.match_class}, {"rival", e.rival_class}, {"prior", Rounded(e.prior_weight)},
              {"other", Rounded(e.other_classes_weight)}, {"calibration", Rounded(e.calibration_weight)},
              {"cap", Rounded(e.cap_weight)}, {"rules", e.blocking_rules}, {"notes", e.notes}, {"bars", Json::array()}};
  for (const libmpi::Explanation::Bar& bar : e.bars) {
    Json one = {{"comparison", bar.comparison}, {"level", bar.level}, {"weight", Rounded(bar.weight)},
                {"frequency", Rounded(bar.frequency_weight)}};
    if (with_values) one["a"] = bar.value_a, one["b"] = bar.value_b;
    out["bars"].push_back(std::move(one));
  }
  return out;
}

}  // namespace

nlohmann::ordered_json ExplainedPair(ReportPair&& pair, const libmpi::RecordKey& a, const libmpi::RecordKey& b,
                                     const libmpi::Explanation& why, bool with_values) {
  Json out = std::move(pair.about);
  out["a"] = KeyJson(a);
  out["b"] = KeyJson(b);
  out["why"] = ExplanationJson(why, with_values);
  return out;
}

namespace {

// The texts that are there, between spaces.
std::string Joined(std::initializer_list<std::string_view> texts) {
  std::string out;
  for (std::string_view text : texts) {
    if (text.empty()) continue;
    if (!out.empty()) out += ' ';
    out += text;
  }
  return out;
}

template <typename List, typename TextOf>
Json Texts(const List& list, const TextOf& text_of) {
  Json out = Json::array();
  for (const auto& value : list)
    if (std::string text = text_of(value); !text.empty()) out.push_back(std::move(text));
  return out;
}

// What a record says, field by field, as it was written.
Json StatedJson(const Record& r) {
  const auto plain = [](const std::string& text) { return text; };
  return {{"name", Texts(r.names, [](const auto& n) { return Joined({n.full, n.family, n.given}); })},
          {"kana", Texts(r.names, [](const auto& n) { return Joined({n.full_kana, n.family_kana, n.given_kana}); })},
          {"latin", Texts(r.names, [](const auto& n) { return n.latin; })},
          {"former_name", Texts(r.former_names, plain)},
          {"birth", Texts(r.births, plain)},
          {"sex", Texts(r.sexes, plain)},
          {"insurance", Texts(r.coverages, [](const auto& c) { return Joined({c.insurer, c.symbol, c.number, c.branch}); })},
          {"care_insurance", Texts(r.care, [](const auto& c) { return Joined({c.insurer, c.number}); })},
          {"address", Texts(r.addresses, [](const auto& a) { return Joined({a.postal_code, a.prefecture, a.city, a.street, a.full}); })},
          {"phone", Texts(r.phones, plain)}};
}

Json Explained(ReportPair&& pair, const libmpi::PatientFiles& files, const libmpi::PairExplainer& explainer,
               bool with_values) {
  const Record a = files.Get(pair.a), b = files.Get(pair.b);
  Json out = ExplainedPair(std::move(pair), a.key, b.key, explainer.Explain(a, b), with_values);
  if (with_values) out["stated"] = {{"a", StatedJson(a)}, {"b", StatedJson(b)}};
  return out;
}

Json ExplainedAll(std::vector<ReportPair> pairs, const RunFacts& facts, const libmpi::PairExplainer& explainer,
                  bool with_values) {
  std::vector<Json> done(pairs.size());
  libmpi::ParallelChunks(pairs.size(), 4, libmpi::ResolveThreads(0), [&](size_t begin, size_t end, int) {
    for (size_t i = begin; i < end; ++i)
      done[i] = Explained(std::move(pairs[i]), *facts.files, explainer, with_values);
  });
  return done;
}

}  // namespace

absl::StatusOr<nlohmann::ordered_json> ReportPairs(const RunFacts& facts, const libmpi::CivilDate& today,
                                                   bool with_values) {
  libmpi::LinkOptions options;
  options.today = today;
  options.population = facts.link->population;
  options.preset = PresetNamed(facts.link->preset);
  const auto explainer = libmpi::PairExplainer::Create(facts.result->model, options);
  if (!explainer.ok()) return explainer.status();
  return Json{{"chosen", ExplainedAll(ChoosePairs(facts.result->links, facts.result->match_threshold), facts, *explainer, with_values)},
              {"review", ExplainedAll(ReviewPairs(facts.result->review), facts, *explainer, with_values)}};
}

}  // namespace nayose
