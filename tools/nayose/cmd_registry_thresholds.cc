// SPDX-License-Identifier: Apache-2.0
// Thresholds from what stewards decided, and what they would change.
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

#include "libmpi/base/parallel.h"
#include "libmpi/network/report_json.h"
#include "libmpi/network/threshold_advice.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using libmpi::Registry;
using libmpi::ThresholdAdvice;

struct ThresholdArguments : RegistryArguments {
  double wrong_links = libmpi::ThresholdOptions().wrong_links, missed_links = libmpi::ThresholdOptions().missed_links;
  std::optional<double> match, review;
  bool preview = false, apply = false;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--wrong-links", wrong_links,
                        "Share of wrong ones among links to add (default: 0.0001, as of safe)")
        ->check(CLI::Range(1e-6, 0.5));
    command->add_option("--missed-links", missed_links,
                        "Share of one person's among pairs not to ask about any more (default: 0.01)")
        ->check(CLI::Range(1e-6, 0.5));
    command->add_flag("--preview", preview, "Say what the advised thresholds would change");
    command->add_flag("--apply", apply, "Link by the advised thresholds from now on; needs both as they were advised:");
    command->add_option("--match-threshold", match, "With --apply: the match threshold, as advised");
    command->add_option("--review-threshold", review, "With --apply: the review threshold, as advised");
  }
};

void PrintBands(const ThresholdAdvice& advice) {
  if (advice.bands.empty()) return;
  std::printf("bits              decided    same     same (95 %%)          by the model\n");
  for (const libmpi::WeightBand& b : advice.bands)
    std::printf("%6.2f to %6.2f %10llu %7llu %6.1f %% (%5.1f to %5.1f) %10.1f %%%s\n", b.from, b.to, U(b.decided),
                U(b.same), 100 * b.share_same, 100 * b.low, 100 * b.high, 100 * b.expected,
                b.asked ? "" : "  not asked: does not count");
}

void PrintVerdict(const ThresholdAdvice& advice, const ThresholdArguments& args) {
  if (advice.verdict == ThresholdAdvice::Verdict::kNotEnough)
    std::printf("not enough decisions: %llu, needed about %llu without a wrong one for a share of %g\n",
                U(advice.decided), U(advice.needed), args.wrong_links);
  else if (advice.verdict == ThresholdAdvice::Verdict::kKeep)
    std::printf("keep the thresholds: the decisions support no others\n");
  else
    std::printf("advised: links from %.3f bits on, review from %.3f bits on\n", advice.match, advice.review);
  if (advice.would_link > 0)
    std::printf("  of %llu decided pairs that would link, %llu are wrong: at most %.3g of such pairs (95 %% confidence)\n",
                U(advice.would_link), U(advice.would_link_wrong), advice.wrong_bound);
  if (advice.would_not_ask > 0)
    std::printf("  of %llu decided pairs that would not be asked about, %llu are one person: at most %.3g, likewise\n",
                U(advice.would_not_ask), U(advice.would_not_ask_same), advice.missed_bound);
  if (advice.surer_than_true)
    std::printf("warning: just below the match threshold more pairs are wrong than the model expects. No decision tells\n"
                "  of those above: look at a sample of links there, and perhaps raise the threshold (registry relink)\n");
}

void PrintAdvice(const ThresholdAdvice& advice, const Registry& registry, const ThresholdArguments& args) {
  const libmpi::Thresholds& now = registry.model()->thresholds();
  std::printf("in force: links from %.3f bits on, review from %.3f bits on\n", libmpi::WeightBits(now.match),
              libmpi::WeightBits(now.review));
  std::printf("decisions: %llu count; not %llu of pairs that never link by themselves, nor %llu that nobody was asked\n",
              U(advice.decided), U(advice.left_out_held), U(advice.left_out_outside));
  PrintBands(advice);
  PrintVerdict(advice, args);
}

// The registry's own linkage with other thresholds.
libmpi::FrozenOptions With(const Registry& registry, const ThresholdAdvice& advice) {
  libmpi::FrozenOptions options = registry.model()->options();
  options.match_threshold = advice.match;
  options.review_threshold = advice.review;
  return options;
}

void PrintRelinked(const Registry::RelinkAnswer& answer, bool applied, bool json) {
  if (json)
    return PrintLine({{"applied", applied}, {"persons_before", answer.persons_before},
                      {"persons_after", answer.persons_after}, {"merged", answer.merged}, {"split", answer.split},
                      {"moved", answer.moved}, {"questions_before", answer.questions_before},
                      {"questions_after", answer.questions_after}});
  std::printf("persons   %llu before, %llu after\nmerged    %llu persons\nsplit     %llu persons\n",
              U(answer.persons_before), U(answer.persons_after), U(answer.merged), U(answer.split));
  std::printf("moved     %llu records\n", U(answer.moved));
  std::printf("questions %llu before, %llu after\n%s\n", U(answer.questions_before), U(answer.questions_after),
              applied ? "the registry links by these thresholds now" : "nothing was changed");
}

int Relink(const ThresholdArguments& args, const ThresholdAdvice& advice, Registry* registry) {
  const libmpi::ProgressCallback progress = MakeProgress(StderrIsTerminal());
  libmpi::Attribution by = args.By();
  if (by.reason.empty()) by.reason = "thresholds advised from decisions";
  const auto answer = registry->Relink(registry->model()->model(), With(*registry, advice), !args.apply, by,
                                       libmpi::ResolveThreads(0), progress);
  if (!answer.ok()) return FailChange(answer.status());
  progress("done", 1, 1);
  PrintRelinked(*answer, args.apply, args.json);
  return kDone;
}

// Thresholds are shown with three digits.
bool IsConfirmed(const ThresholdArguments& args, const ThresholdAdvice& advice) {
  constexpr double kShown = 0.00051;
  return std::abs(*args.match - advice.match) < kShown && std::abs(*args.review - advice.review) < kShown;
}

int Advise(const ThresholdArguments& args, const RegistryDoor& door) {
  Registry& registry = door.registry();
  const auto decided = libmpi::DecidedPairs(registry);
  if (!decided.ok()) return Fail(decided.status());
  libmpi::ThresholdOptions options;
  options.match = libmpi::WeightBits(registry.model()->thresholds().match);
  options.review = libmpi::WeightBits(registry.model()->thresholds().review);
  options.wrong_links = args.wrong_links;
  options.missed_links = args.missed_links;
  const ThresholdAdvice advice = libmpi::AdviseThresholds(*decided, options);
  if (args.json) PrintLine(libmpi::ThresholdAdviceJson(advice));
  else PrintAdvice(advice, registry, args);
  if (!args.preview && !args.apply) return kDone;
  if (advice.verdict != ThresholdAdvice::Verdict::kMove)
    return args.apply ? Fail(absl::FailedPreconditionError("no thresholds are advised: nothing was changed")) : kDone;
  if (args.apply && !IsConfirmed(args, advice))
    return Fail(absl::FailedPreconditionError("these are not the thresholds that are advised now: look at the advice "
                                              "again; nayose registry relink sets any others"));
  return Relink(args, advice, &registry);
}

int RunThresholds(const ThresholdArguments& args) {
  if (args.apply && args.preview) return FailUsage("say either --preview or --apply");
  if (args.apply && (!args.match || !args.review))
    return FailUsage("--apply: confirm the thresholds, with --match-threshold and --review-threshold as advised");
  if (!args.apply && (args.match || args.review))
    return FailUsage("--match-threshold and --review-threshold are for --apply; nayose registry relink sets any");
  const libmpi::Operation operation =
      args.preview || args.apply ? libmpi::Operation::kAdminister : libmpi::Operation::kReport;
  const std::string action = args.apply ? "apply_thresholds" : args.preview ? "preview_thresholds" : "thresholds";
  return WithDoor(args, args.apply ? OpenFor::kWriting : OpenFor::kReading, [&](const RegistryDoor& door) -> int {
    if (const absl::Status admitted = door.Admit(operation, action); !admitted.ok()) return FailChange(admitted);
    return Advise(args, door);
  });
}

}  // namespace

void AddRegistryThresholds(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "thresholds", "Thresholds from what stewards decided, and what they would change",
                     std::make_shared<ThresholdArguments>(), RunThresholds, libmpi::Operation::kReport)
      ->footer(
          "Only pairs between the thresholds in force were asked about, so decisions can move them only inward: links from\n"
          "a lower weight on, where hardly any such pair was wrong; review from a higher one on, where hardly any was one\n"
          "person. What a takeover decided and nobody confirmed does not count.\n\n"
          "Examples:\n"
          "  nayose registry thresholds network/ --wrong-links 0.01 --preview \\\n"
          "    --profession operator --purpose operations\n"
          "  nayose registry thresholds network/ --wrong-links 0.01 --apply --match-threshold 5.013 \\\n"
          "    --review-threshold -1 --profession operator --purpose operations");
}

}  // namespace nayose
