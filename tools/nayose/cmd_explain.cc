// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/table/table_explain.h"
#include "tools/nayose/chart.h"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/run_folder.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/table_input.h"

namespace nayose {
namespace {

struct Arguments {
  std::string a, b, directory, chart;
  bool json = false;
};

// "one cluster" or "two clusters", by what the run wrote.
std::string ClusterSentence(const std::string& directory, const libmpi::RecordKey& a, const libmpi::RecordKey& b) {
  const auto clusters = CsvTable::Read(directory + "/clusters.csv", {"record_id", "source", "cluster_id"});
  if (!clusters.ok()) return "";
  std::string id_a, id_b;
  for (size_t i = 0; i < clusters->size(); ++i) {
    const std::string &id = clusters->Get(i, "record_id"), &source = clusters->Get(i, "source");
    if (id == a.IdText() && source == a.source) id_a = clusters->Get(i, "cluster_id");
    if (id == b.IdText() && source == b.source) id_b = clusters->Get(i, "cluster_id");
  }
  return id_a == id_b ? "the run put both into cluster " + id_a + "\n"
                      : "the run put them into two clusters, " + id_a + " and " + id_b + "\n";
}

int Print(const Arguments& args, const std::string& names, const std::string& clusters,
          const libmpi::Explanation& explanation) {
  if (!args.chart.empty())
    if (absl::Status s = libmpi::WriteWholeFile(args.chart, WaterfallSvg(explanation)); !s.ok())
      return FailOutput(s);
  if (args.json) std::printf("%s", explanation.ToJson().c_str());
  else std::printf("%s\n%s%s", names.c_str(), clusters.c_str(), explanation.ToText().c_str());
  return kDone;
}

// A run by a schema.
int ExplainTable(const Arguments& args) {
  const auto text = libmpi::ReadSmallFile(args.directory + "/model.json");
  if (!text.ok()) return Fail(text.status());
  const auto model = libmpi::table::TableModel::FromJson(*text);
  if (!model.ok()) return Fail(model.status());
  const auto state = libmpi::ReadInputBytes(args.directory + "/state/table.csv.zst");
  if (!state.ok()) return Fail(state.status());
  const auto found = FindTableRecords(*state, model->schema, {args.a, args.b});
  if (!found.ok()) return FailUsage(std::string(found.status().message()));
  const libmpi::RecordKey &a = found->keys[0], &b = found->keys[1];
  return Print(args, a.source + ":" + a.record_id + " and " + b.source + ":" + b.record_id,
               ClusterSentence(args.directory, a, b),
               libmpi::table::TablePairExplainer(*model, found->table).Explain(0, 1));
}

int RunExplain(const Arguments& args) {
  FinishPublishing(args.directory);
  if (std::filesystem::exists(args.directory + "/state/table.csv.zst")) return ExplainTable(args);
  const auto state = ReadState(args.directory);
  if (!state.ok()) return Fail(state.status());
  const auto text = libmpi::ReadSmallFile(args.directory + "/model.json");
  if (!text.ok()) return Fail(text.status());
  const auto model = libmpi::Model::FromJson(*text);
  if (!model.ok()) return Fail(model.status());
  const auto stated = ReadStateRecords(args.directory);
  if (!stated.ok()) return Fail(stated.status());
  const auto records = FindRecords(*stated, {args.a, args.b});
  if (!records.ok()) return FailUsage(std::string(records.status().message()));
  if (ContentHash(*text) != state->model_hash)
    std::fprintf(stderr, "nayose: %s/model.json was changed since the run; this is what it says now\n",
                 args.directory.c_str());
  const auto options = OptionsOf(*state);
  if (!options.ok()) return Fail(options.status());
  const libmpi::Record &a = (*records)[0], &b = (*records)[1];
  const auto explained = libmpi::ExplainPair(a, b, *model, *options);
  if (!explained.ok()) return Fail(explained.status());
  return Print(args, a.key.ToString() + " and " + b.key.ToString(), ClusterSentence(args.directory, a.key, b.key),
               *explained);
}

}  // namespace

void AddExplain(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("explain", "Why two records are (not) one person");
  auto args = std::make_shared<Arguments>();
  command->add_option("a", args->a, "source:record_id, or a record_id that only one source has")->required();
  command->add_option("b", args->b, "the other record")->required();
  command->add_option("--run", args->directory, "Output folder of nayose dedupe or link")->required();
  command->add_flag("--json", args->json, "Print JSON");
  command->add_option("--chart", args->chart, "Write the waterfall chart to this SVG file");
  command->footer("Per comparison: level, match weight against the leading rival class, frequency adjustment, what was\n"
                  "compared; then the other classes, caps, and the blocking rules that met. The parts sum to the weight.\n\n"
                  "Examples:\n  nayose explain H001:00001003 C002:00001010 --run out/\n"
                  "  nayose explain 00001003 00001010 --run out/ --chart why.svg");
  command->callback([args, run] { *run = [args] { return RunExplain(*args); }; });
}

}  // namespace nayose
