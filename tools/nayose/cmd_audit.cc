// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>

#include "libmpi/base/hash.h"
#include "libmpi/evaluation/audit_estimate.h"
#include "libmpi/evaluation/pair_sample.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/command.h"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/pair_questions.h"
#include "tools/nayose/run_pairs.h"

namespace nayose {
namespace {

struct Arguments {
  std::string directory, output, answers;
  size_t count = 400;
  uint64_t seed = 0;
  bool with_values = false, json = false, force = false;
};

struct Stratum {
  std::vector<size_t> listed;  // into RunPairs::pairs; of the unlinked ones, which are numbered, none
  uint64_t pairs = 0;
  bool found = false;
  double spread = 0;          // sum of standard deviations that the model expects
};

// By name; every pair is in one.
std::map<std::string, Stratum> StrataOf(const RunPairs& run) {
  // The model may be surer than it should be: no stratum is taken to be nearly free of errors.
  constexpr double kSurest = 0.002;
  std::map<std::string, Stratum> strata;
  for (size_t i = 0; i < run.pairs.size(); ++i) {
    const RunPair& pair = run.pairs[i];
    Stratum& stratum = strata[StratumOf(pair)];
    stratum.found = pair.found;
    stratum.listed.push_back(i);
    ++stratum.pairs;
    const double unsure = std::clamp(1 / (1 + std::exp2(-pair.weight)), kSurest, 1 - kSurest);
    stratum.spread += std::sqrt(unsure * (1 - unsure));
  }
  // As unsure as can be: what the model thinks of them is not known yet.
  if (const uint64_t n = run.unlinked.size(); n > 0)
    strata[StratumOf({0, 0, 0, false, true})] = {{}, n, true, 0.5 * static_cast<double>(n)};
  return strata;
}

// Questions a stratum: in proportion to pairs times expected deviation (Neyman 1934), some in each.
std::map<std::string, size_t> Allocate(const std::map<std::string, Stratum>& strata, size_t count) {
  constexpr size_t kFewest = 8;
  std::map<std::string, size_t> out;
  double spread = 0;
  for (const auto& [name, stratum] : strata) spread += stratum.spread;
  for (const auto& [name, stratum] : strata) {
    const auto share = static_cast<size_t>(std::lround(static_cast<double>(count) * stratum.spread / spread));
    out[name] = static_cast<size_t>(std::min<uint64_t>(stratum.pairs, std::max(kFewest, share)));
  }
  return out;
}

std::vector<PairQuestion> DrawAudit(const RunPairs& run, size_t count, uint64_t seed) {
  const auto strata = StrataOf(run);
  const auto asked = Allocate(strata, count);
  std::vector<std::pair<uint64_t, PairQuestion>> drawn;
  for (const auto& [name, stratum] : strata) {
    std::vector<uint64_t> random;
    for (size_t i : stratum.listed) random.push_back(run.RandomOf(run.pairs[i], seed));
    const std::vector<double> alike(stratum.listed.size(), 1.0);
    for (const libmpi::SampledItem& item : libmpi::DrawSample(alike, random, asked.at(name))) {
      const RunPair& pair = run.pairs[stratum.listed[item.index]];
      drawn.push_back({libmpi::MixBits(random[item.index]),
                       {pair.a, pair.b, pair.weight, name, item.stands_for, ""}});
    }
    if (!stratum.listed.empty()) continue;
    const std::vector<uint64_t> numbers = run.unlinked.Draw(asked.at(name), seed);
    for (uint64_t number : numbers) {
      const auto [a, b] = run.unlinked.Get(number);
      const double stands_for = static_cast<double>(stratum.pairs) / static_cast<double>(numbers.size());
      drawn.push_back({libmpi::MixBits(run.RandomOf({a, b}, seed)),
                       {a, b, libmpi::WeightBits(run.Explain(a, b).weight), name, stands_for, ""}});
    }
  }
  // In random order: a stratum must not show by its neighbours.
  std::sort(drawn.begin(), drawn.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
  std::vector<PairQuestion> questions;
  for (auto& [order, question] : drawn) questions.push_back(std::move(question));
  return questions;
}

constexpr const char* kShown[] = {"family_name", "given_name", "birth_date", "sex",
                                  "insurance",   "care_insurance", "address", "phone"};

// What was compared, of both, for a spreadsheet.
std::string ValueFields(const libmpi::Explanation& why) {
  std::string out;
  for (const auto& bar : why.bars)
    for (const std::string* value : {&bar.value_a, &bar.value_b}) {
      out += ',';
      // A spreadsheet must not take a value for a formula.
      const bool formula = !value->empty() && std::string_view("=+-@").find(value->front()) != std::string_view::npos;
      libmpi::AppendCsvField(formula ? "'" + *value : *value, &out);
    }
  return out;
}

// The user fills in the very file that was written: one with answers, or one of something else, is not replaced.
absl::Status CheckReplaceable(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) || std::filesystem::file_size(path, error) == 0) return absl::OkStatus();
  const auto table = CsvTable::Read(path, {"decision"});
  if (!table.ok())
    return absl::InvalidArgumentError(path + ": is there and is no file of an audit; give another --output, or --force");
  size_t answers = 0;
  for (size_t i = 0; i < table->size(); ++i) answers += !table->Get(i, "decision").empty();
  if (answers == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(path + ": has " + std::to_string(answers) + " answers, which would be lost; estimate "
                                    "from them with --answers, give another --output, or --force");
}

int WriteAudit(const Arguments& args, const RunPairs& run) {
  const std::vector<PairQuestion> questions = DrawAudit(run, args.count, args.seed);
  std::string text = kQuestionHeader;
  if (args.with_values)
    for (const char* name : kShown) text += std::string(",") + name + "_a," + name + "_b";
  text += '\n';
  for (const PairQuestion& q : questions)
    text += QuestionLine(run, q, args.with_values ? ValueFields(run.Explain(q.a, q.b)) : "");
  if (absl::Status s = libmpi::WriteWholeFile(args.output, text, 0600); !s.ok()) return FailOutput(s);
  std::printf("%zu pairs to review written to %s%s\n", questions.size(), args.output.c_str(),
              args.with_values ? " (holds personal data)" : "");
  std::printf("fill in the column decision (same, different, unsure), or: nayose label %s --pairs %s --output answers.csv\n"
              "then: nayose audit %s --answers answers.csv\n",
              args.directory.c_str(), args.output.c_str(), args.directory.c_str());
  return kDone;
}

// How many matches no blocking rule brought together, through the model: pairs are drawn in proportion to their match
// probability, and the rules that met each are counted.
libmpi::UnseenPairs EstimateUnseen(const RunPairs& run) {
  constexpr size_t kSample = 2000;
  std::vector<double> sizes;
  std::vector<uint64_t> random;
  double matches = 0;
  for (const RunPair& pair : run.pairs) {
    sizes.push_back(1 / (1 + std::exp2(-pair.weight)));
    random.push_back(run.RandomOf(pair, 1));
    matches += sizes.back();
  }
  const std::vector<libmpi::SampledItem> sample = libmpi::DrawSample(sizes, random, kSample);
  double once = 0, twice = 0;
  for (const libmpi::SampledItem& item : sample) {
    const RunPair& pair = run.pairs[item.index];
    const libmpi::Explanation why = run.Explain(pair.a, pair.b);
    const size_t rules = why.blocking_rules.size() + why.rules_unless_common.size();
    once += rules <= 1;
    twice += rules == 2;
  }
  const double scale = sample.empty() ? 0 : matches / static_cast<double>(sample.size());
  libmpi::UnseenPairs unseen = libmpi::EstimateUncaught(once, twice, scale);
  // Those that clusters hold nevertheless are seen: as the stratum found_unlinked. Of the pairs compared but below kLowestAsked
  // at most the share that their weight allows may be matches.
  const auto unlinked = static_cast<double>(run.unlinked.size());
  unseen.estimate = std::max(0.0, unseen.estimate - unlinked);
  unseen.interval.low = std::max(0.0, unseen.interval.low - unlinked);
  unseen.interval.high += run.deeper * std::exp2(kLowestAsked);
  return unseen;
}

nlohmann::ordered_json Json(double value, const libmpi::Interval& interval) {
  return {{"estimate", value}, {"low", interval.low}, {"high", interval.high}};
}

void Print(const Arguments& args, const std::vector<libmpi::AuditStratum>& strata,
           const libmpi::UnseenPairs& unseen, const libmpi::AuditEstimate& e, size_t unsure) {
  if (args.json) {
    nlohmann::ordered_json json = {{"precision", Json(e.precision, e.precision_interval)},
                                   {"recall", Json(e.recall, e.recall_interval)},
                                   {"recall_of_seen", Json(e.recall_of_seen, e.recall_of_seen_interval)},
                                   {"found_pairs", e.found_pairs},
                                   {"true_pairs", e.true_pairs},
                                   {"unseen_pairs", Json(unseen.estimate, unseen.interval)},
                                   {"unsure", unsure},
                                   {"strata", nlohmann::ordered_json::array()}};
    for (const auto& s : strata)
      json["strata"].push_back({{"stratum", s.name}, {"pairs", s.pairs}, {"answered", s.answered}, {"same", s.same}});
    std::printf("%s\n", json.dump(1).c_str());
    return;
  }
  std::printf("%-22s %10s %9s %6s\n", "stratum", "pairs", "answered", "same");
  for (const auto& s : strata)
    std::printf("%-22s %10llu %9llu %6llu\n", s.name.c_str(), static_cast<unsigned long long>(s.pairs),
                static_cast<unsigned long long>(s.answered), static_cast<unsigned long long>(s.same));
  std::printf("precision %.4f (%.4f-%.4f)\n", e.precision, e.precision_interval.low, e.precision_interval.high);
  std::printf("recall    %.4f (%.4f-%.4f) of the pairs that were compared or are in one cluster\n", e.recall_of_seen,
              e.recall_of_seen_interval.low, e.recall_of_seen_interval.high);
  std::printf("recall    %.4f (%.4f-%.4f) with %.0f (%.0f-%.0f) true pairs that blocking never met, by how many rules\n"
              "          met the others: a guess through the model that no answer can check\n",
              e.recall, e.recall_interval.low, e.recall_interval.high, unseen.estimate, unseen.interval.low,
              unseen.interval.high);
  if (unsure > 0) std::printf("%zu pairs unsure or not answered were left out, as if they were like the others of their strata\n", unsure);
  for (const std::string& name : e.unanswered)
    std::printf("warning   no answers for %s: its share is taken to be unknown\n", name.c_str());
  std::printf("95 %% intervals; stratified estimator (docs/learning.md)\n");
}

using DecisionOfPair = std::map<std::pair<uint32_t, uint32_t>, std::string>;

bool IsAnswer(const std::string& decision) { return decision == "same" || decision == "different"; }

// The decision of each pair of an audit. kInvalidArgument where rows are not of one audit of this run, or
// where a pair is said to be both.
absl::StatusOr<DecisionOfPair> Decisions(const Arguments& args, const RunPairs& run,
                                         const std::vector<PairQuestion>& answers) {
  DecisionOfPair decision_of;
  std::map<std::string, double> stands_for;
  size_t strangers = 0, contradictions = 0;
  for (const PairQuestion& q : answers) {
    const std::optional<RunPair> pair = run.Find(q.a, q.b);
    // An audit draws all pairs of a stratum alike; what label asks for stands for more or fewer pairs each.
    const double drawn = stands_for.try_emplace(q.stratum, q.stands_for).first->second;
    if (!pair || StratumOf(*pair) != q.stratum || std::abs(q.stands_for / drawn - 1) > 1e-3) {
      ++strangers;
      continue;
    }
    std::string& decision = decision_of[{q.a, q.b}];
    contradictions += IsAnswer(decision) && IsAnswer(q.decision) && decision != q.decision;
    if (!IsAnswer(decision)) decision = q.decision;
  }
  if (strangers > 0)
    return absl::InvalidArgumentError(args.answers + ": " + std::to_string(strangers) +
                                      " rows are not of one audit of this run; answers that were not drawn at "
                                      "random cannot estimate anything");
  if (contradictions > 0)
    return absl::InvalidArgumentError(args.answers + ": " + std::to_string(contradictions) +
                                      " pairs stand twice, once as same and once as different; leave one of the rows");
  return decision_of;
}

// Answers by stratum; in *unsure the pairs without one.
std::vector<libmpi::AuditStratum> Tally(const RunPairs& run, const DecisionOfPair& decision_of, size_t* unsure) {
  std::map<std::string, libmpi::AuditStratum> told;
  for (const auto& [name, stratum] : StrataOf(run)) told[name] = {name, stratum.found, stratum.pairs, 0, 0};
  for (const auto& [pair, decision] : decision_of) {
    libmpi::AuditStratum& s = told[StratumOf(*run.Find(pair.first, pair.second))];
    *unsure += !IsAnswer(decision);
    s.answered += IsAnswer(decision);
    s.same += decision == "same";
  }
  std::vector<libmpi::AuditStratum> strata;
  for (const auto& [name, s] : told) strata.push_back(s);
  return strata;
}

int Estimate(const Arguments& args, const RunPairs& run) {
  size_t absent = 0, unsure = 0;
  const auto answers = ReadQuestions(args.answers, run, &absent);
  if (!answers.ok()) return Fail(answers.status());
  if (absent > 0)
    std::fprintf(stderr, "nayose: %s: %zu rows name records that the run does not have, and are left out\n",
                 args.answers.c_str(), absent);
  const auto decision_of = Decisions(args, run, *answers);
  if (!decision_of.ok()) return Fail(decision_of.status());
  const std::vector<libmpi::AuditStratum> strata = Tally(run, *decision_of, &unsure);
  const libmpi::UnseenPairs unseen = EstimateUnseen(run);
  const libmpi::AuditEstimate estimate = libmpi::EstimateAudit(strata, unseen);
  if (std::isnan(estimate.precision))
    return Fail(absl::InvalidArgumentError(args.answers + ": no link is answered yet, so nothing can be estimated; fill in "
                                           "the column decision (same, different, unsure)"));
  Print(args, strata, unseen, estimate, unsure);
  return estimate.unanswered.empty() ? kDone : kNeedsALook;
}

int RunAudit(Arguments args) {
  if (args.output.empty()) args.output = args.directory + "/audit.csv";
  if (args.answers.empty() && !args.force)
    if (absl::Status s = CheckReplaceable(args.output); !s.ok()) return FailUsage(std::string(s.message()));
  const auto run = ReadRunPairs(args.directory);
  if (!run.ok()) return Fail(run.status());
  return args.answers.empty() ? WriteAudit(args, *run) : Estimate(args, *run);
}

}  // namespace

void AddAudit(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("audit", "Precision and recall of a run from a clerical review of some of its pairs");
  auto args = std::make_shared<Arguments>();
  command->add_option("run", args->directory, "Output folder of nayose dedupe")->required();
  command->add_option("--count", args->count, "Pairs to draw (default: 400); at least 8 of each stratum come besides")
      ->check(CLI::Range(size_t{1}, size_t{1000000}));
  command->add_option("--output", args->output, "File to write (default: audit.csv in the run's folder)");
  command->add_option("--answers", args->answers, "An audit file with answers: prints the estimates");
  command->add_option("--seed", args->seed, "Draws other pairs")->check(CLI::NonNegativeNumber);
  command->add_flag("--with-values", args->with_values, "Add what was compared of both records: personal data");
  command->add_flag("--force", args->force, "Replace a file that has answers");
  command->add_flag("--json", args->json, "Print JSON");
  command->footer(
      "Draws pairs by stratum (match weight; in one cluster or apart; in one cluster without a link) and writes them in random\n"
      "order, to be answered in a spreadsheet (column decision: same, different, unsure) or by nayose label --pairs.\n"
      "With --answers: precision and recall with 95 % intervals. Pairs that blocking never brought together cannot be\n"
      "drawn; they are estimated through the model and reported apart. docs/learning.md says how, and how many answers tell what.\n"
      "Exit code 1 where a stratum has no answer.\n\n"
      "Examples:\n"
      "  nayose audit out/ --count 400 --output audit.csv\n"
      "  nayose label out/ --pairs audit.csv --output answers.csv\n"
      "  nayose audit out/ --answers answers.csv");
  command->callback([args, run] { *run = [args] { return RunAudit(*args); }; });
}

}  // namespace nayose
