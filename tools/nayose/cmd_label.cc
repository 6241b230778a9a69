// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <set>

#include "tools/nayose/answer_file.h"
#include "tools/nayose/command.h"
#include "tools/nayose/key_input.h"
#include "tools/nayose/pair_questions.h"
#include "tools/nayose/record_pair_text.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_pairs.h"

namespace nayose {
namespace {

struct Arguments {
  std::string directory, output, pairs, truth;
  size_t count = 200;
  uint64_t seed = 0;
};

using AskedPairs = std::set<std::pair<uint32_t, uint32_t>>;

// The questions that no answer is there for yet.
absl::StatusOr<std::vector<PairQuestion>> OpenQuestions(const Arguments& args, const RunPairs& run,
                                                        const AskedPairs& answered) {
  size_t absent = 0;
  auto questions = args.pairs.empty() ? ChooseTeachingPairs(run, args.count, args.seed)
                                      : ReadQuestions(args.pairs, run, &absent);
  if (!questions.ok()) return questions.status();
  if (absent > 0)
    std::fprintf(stderr, "nayose: %s: %zu rows name records that the run does not have, and are left out\n",
                 args.pairs.c_str(), absent);
  std::erase_if(*questions, [&](const PairQuestion& q) {
    return answered.contains({q.a, q.b}) || (!args.pairs.empty() && !q.decision.empty());
  });
  return questions;
}

const char* DecisionOf(char key) {
  switch (key) {
    case 'y': return "same";
    case 'n': return "different";
    case 'u': return "unsure";
    default: return nullptr;
  }
}

// Asks until all is answered or the user stops; gives the number of answers.
absl::StatusOr<size_t> Ask(const RunPairs& run, std::vector<PairQuestion> questions, AnswerFile* file) {
  KeyInput keys;
  size_t at = 0;
  while (at < questions.size()) {
    PairQuestion& q = questions[at];
    std::printf("\npair %zu of %zu\n%s", at + 1, questions.size(),
                RecordPairText(run.records[q.a], run.records[q.b], TerminalColumns()).c_str());
    const char* decision = nullptr;
    while (decision == nullptr) {
      std::printf("one person?  y same  n different  u unsure  b back  q quit and save > ");
      std::fflush(stdout);
      const char key = keys.Next();
      if (keys.is_terminal()) std::printf("%c\n", key >= ' ' ? key : ' ');
      else std::printf("\n");
      if (key == 'q') return at;
      if (key == 'b') break;
      decision = DecisionOf(key);
    }
    if (decision == nullptr) {
      const auto taken = file->TakeBack();
      if (!taken.ok()) return taken.status();
      if (*taken) --at;
      else std::printf("there is nothing to go back to\n");
      continue;
    }
    q.decision = decision;
    if (absl::Status s = file->Add(QuestionLine(run, q)); !s.ok()) return s;
    ++at;
  }
  return at;
}

// Answers what the truth file knows.
absl::StatusOr<size_t> AnswerFromTruth(const RunPairs& run, std::vector<PairQuestion> questions,
                                       const std::string& truth, AnswerFile* file) {
  std::vector<libmpi::RecordKey> keys;
  for (const libmpi::Record& record : run.records) keys.push_back(record.key);
  const auto person = PersonsOfRecords(truth, keys);
  if (!person.ok()) return person.status();
  std::string lines;
  for (PairQuestion& q : questions) {
    const std::string &a = (*person)[q.a], &b = (*person)[q.b];
    q.decision = a.empty() || b.empty() ? "unsure" : a == b ? "same" : "different";
    lines += QuestionLine(run, q);
  }
  if (absl::Status s = file->Add(lines); !s.ok()) return s;
  return questions.size();
}

int RunLabel(Arguments args) {
  if (args.output.empty()) args.output = args.directory + "/labels.csv";
  std::error_code error;
  if (!args.pairs.empty() && std::filesystem::equivalent(args.pairs, args.output, error))
    return FailUsage("--pairs and --output are one file; answers go to a file of their own");
  const auto run = ReadRunPairs(args.directory);
  if (!run.ok()) return Fail(run.status());
  auto file = AnswerFile::Open(args.output, kQuestionHeader);
  if (!file.ok())
    return file.status().code() == absl::StatusCode::kInvalidArgument ? FailUsage(std::string(file.status().message()))
                                                                      : FailOutput(file.status());
  size_t absent = 0;
  const auto before = ReadQuestions(args.output, *run, &absent);
  if (!before.ok()) return Fail(before.status());
  AskedPairs answered;
  for (const PairQuestion& q : *before) answered.insert({q.a, q.b});
  auto questions = OpenQuestions(args, *run, answered);
  if (!questions.ok()) return Fail(questions.status());
  const size_t open = questions->size();
  if (!answered.empty()) std::printf("%zu pairs are answered already in %s\n", answered.size(), args.output.c_str());
  const auto done = args.truth.empty() ? Ask(*run, *std::move(questions), &*file)
                                       : AnswerFromTruth(*run, *std::move(questions), args.truth, &*file);
  if (!done.ok()) return args.truth.empty() ? FailOutput(done.status()) : Fail(done.status());
  std::printf("%zu answers written to %s, %zu questions left\n", *done, args.output.c_str(), open - *done);
  return kDone;
}

}  // namespace

void AddLabel(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("label", "Ask a person about the pairs of a run that teach most");
  auto args = std::make_shared<Arguments>();
  command->add_option("run", args->directory, "Output folder of nayose dedupe")->required();
  command->add_option("--count", args->count, "Questions in all (default: 200), answered ones included")
      ->check(CLI::Range(size_t{1}, size_t{1000000}));
  command->add_option("--output", args->output, "File of answers, added to (default: labels.csv in the run's folder)");
  command->add_option("--pairs", args->pairs, "Ask about the pairs of this CSV file, e.g. of nayose audit, in its order");
  command->add_option("--truth", args->truth, "Answer from this truth file (record_id, person_id, source) instead of asking");
  command->add_option("--seed", args->seed, "Chooses other pairs")->check(CLI::NonNegativeNumber);
  command->footer(
      "Shows two records side by side, as they are in state/ of the run, and takes one key: y same person, n different\n"
      "persons, u unsure, b back to the question before, q quit. Every answer is on disk at once; called again, it goes\n"
      "on where you left off. Without a terminal it reads one answer a line from standard input. The match weight is\n"
      "not shown, so that it does not answer for you.\n\n"
      "Pairs near even odds are asked about most, less of a kind that there are many of, and a fifth of the questions goes to\n"
      "all strata of match weight alike. The columns stratum and sampling_weight (how many pairs an answer stands for)\n"
      "keep what was asked honest. The file serves as nayose train --labels and as nayose dedupe --decisions.\n\n"
      "Examples:\n"
      "  nayose label out/ --count 100\n"
      "  nayose train *.csv --labels out/labels.csv --model model.json\n"
      "  nayose label out/ --pairs audit.csv --output answers.csv");
  command->callback([args, run] { *run = [args] { return RunLabel(*args); }; });
}

}  // namespace nayose
