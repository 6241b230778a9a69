// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/table_run.h"

#include <chrono>
#include <cstdio>

#include "libmpi/base/hash.h"
#include "libmpi/base/parallel.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/table/table_linker.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/command.h"
#include "tools/nayose/decisions.h"
#include "tools/nayose/finish_run.h"
#include "tools/nayose/run_evaluation.h"
#include "tools/nayose/run_folder.h"
#include "tools/nayose/run_state.h"
#include "tools/nayose/run_tables.h"
#include "tools/nayose/report_page.h"
#include "tools/nayose/table_input.h"
#include "tools/nayose/table_report.h"

namespace nayose {
namespace {

using OrderedJson = nlohmann::ordered_json;
using libmpi::table::TableResult;

KeyedRecords KeysOf(const TableInput& input) {
  return {input.keys.size(), [&input](size_t i) { return libmpi::KeyView(input.keys[i]); }};
}

void AppendFields(std::initializer_list<std::string_view> fields, std::string* line) {
  bool first = true;
  for (std::string_view field : fields) {
    if (!first) line->push_back(',');
    first = false;
    libmpi::AppendCsvField(field, line);
  }
}

std::string ClustersCsv(const TableInput& input, const TableResult& result) {
  const size_t second = input.table.second_list();
  const bool two = second < input.table.size();
  std::string text = two ? "record_id,source,cluster_id,list\n" : "record_id,source,cluster_id\n";
  for (uint32_t i = 0; i < input.keys.size(); ++i) {
    const uint32_t first = result.cluster[i];
    const std::string id = ClusterId(input.keys[first], first >= second);
    AppendFields({input.keys[i].record_id, input.keys[i].source, id}, &text);
    if (two) text += i < second ? ",new" : ",reference";
    text += '\n';
  }
  return text;
}

std::string FindingsCsv(const TableInput& input) {
  std::string text = "source,record_id,file,line,field,finding\n";
  for (const UnreadableCell& cell : input.unreadable) {
    const libmpi::RecordKey& key = input.keys[cell.record];
    AppendFields({key.source, key.record_id, cell.file, std::to_string(cell.line), cell.field, "unreadable"}, &text);
    text += '\n';
  }
  return text;
}

std::string BlockingCsv(const TableResult& result) {
  std::string text = "rule,pairs,unreached_pairs,expected_recall\n";
  for (const auto& rule : result.rules) {
    char recall[16] = "";
    if (rule.expected_recall > 0) std::snprintf(recall, sizeof recall, "%.4f", rule.expected_recall);
    AppendFields({rule.rule, std::to_string(rule.pairs), std::to_string(rule.unreached_pairs), recall}, &text);
    text += '\n';
  }
  return text;
}

absl::Status WriteAll(const std::string& directory, const libmpi::table::Schema& schema, const TableInput& input,
                      const TableResult& result, std::span<const uint32_t> links, int threads, bool no_state) {
  const auto write = [&](const char* name, const std::string& text) {
    return libmpi::WriteWholeFile(directory + "/" + name, text);
  };
  LIBMPI_RETURN_IF_ERROR(write("clusters.csv", ClustersCsv(input, result)));
  const KeyedRecords records = KeysOf(input);
  libmpi::BackgroundCommits commits;
  LIBMPI_RETURN_IF_ERROR(WriteLinks(directory + "/links.csv", records, result.links, links, threads, &commits));
  LIBMPI_RETURN_IF_ERROR(WriteReview(directory + "/review.csv", records, result.review, &commits));
  LIBMPI_RETURN_IF_ERROR(WriteRejects(directory + "/rejects.csv", input.rejects));
  LIBMPI_RETURN_IF_ERROR(write("findings.csv", FindingsCsv(input)));
  LIBMPI_RETURN_IF_ERROR(write("blocking.csv", BlockingCsv(result)));
  LIBMPI_RETURN_IF_ERROR(write("schema.json", schema.ToJson()));
  // Value counts are personal data where they are small.
  LIBMPI_RETURN_IF_ERROR(libmpi::WriteWholeFile(directory + "/model.json", result.model.ToJson(), 0600));
  if (!no_state) LIBMPI_RETURN_IF_ERROR(WriteStateTable(directory, input.state));
  return commits.Finish();
}

bool TooManyRejects(const TableRunArguments& args, const TableInput& input) {
  return input.rejects.size() > args.output.max_rejects.value_or(input.rows_read() / 100);
}

std::string SummaryJson(const TableRunArguments& args, const TableInput& input, const TableResult& result,
                        size_t links_written, double seconds) {
  OrderedJson json = {{"tool", std::string("nayose ") + NAYOSE_VERSION}, {"command", args.command}, {"schema", args.schema == "auto" ? "auto" : "file"}};
  json["rows_read"] = input.rows_read();
  json["rows_accepted"] = input.keys.size();
  json["rows_rejected"] = input.rejects.size();
  json["files"] = OrderedJson::array();
  for (const auto& file : input.files)
    json["files"].push_back({{"path", file.path}, {"encoding", file.encoding}, {"content_hash", file.content_hash},
                             {"rows_read", file.rows_read}, {"rows_rejected", file.rows_rejected}});
  json["records"] = input.keys.size();
  json["clusters"] = result.clusters;
  json["largest_cluster"] = result.largest_cluster;
  json["candidate_pairs"] = result.candidate_pairs;
  json["links"] = result.links.size();
  json["links_written"] = links_written;
  json["review"] = result.review.size();
  json["unlinkable_records"] = result.unlinkable;
  json["unreadable_cells"] = input.unreadable.size();
  json["preset"] = args.link.preset;
  json["match_threshold"] = result.match_threshold;
  json["review_threshold"] = result.review_threshold;
  json["expected_matches"] = result.expected_matches;
  json["expected_wrong_links"] = result.expected_wrong_links;
  json["model"] = result.model_learned ? "learned" : "given";
  json["confident"] = result.self_check.confident;
  json["warnings"] = result.self_check.warnings;
  json["seconds"] = seconds;
  for (const libmpi::StageTime& time : result.times) json["stages"][time.stage] = time.seconds;
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

void PrintSummary(const TableRunArguments& args, const TableInput& input, const TableResult& result, double seconds) {
  const auto number = [](uint64_t n) { return static_cast<unsigned long long>(n); };
  std::printf("%llu rows read, %llu accepted, %llu rejected\n", number(input.rows_read()), number(input.keys.size()),
              number(input.rejects.size()));
  std::printf("%llu records, %llu clusters, the largest of %llu; %llu pairs compared, %llu to review\n",
              number(input.keys.size()), number(result.clusters), number(result.largest_cluster),
              number(result.candidate_pairs), number(result.review.size()));
  std::printf("thresholds: match %.1f, review %.1f bits; %llu records say too little to be linked\n",
              result.match_threshold, result.review_threshold, number(result.unlinkable));
  std::printf("blocking rules (pairs; expected recall so far):\n");
  for (const auto& rule : result.rules) {
    std::printf("  %-44s %10llu", rule.rule.c_str(), number(rule.pairs));
    if (rule.expected_recall > 0) std::printf("  %.4f", rule.expected_recall);
    std::printf("\n");
  }
  for (const std::string& warning : result.self_check.warnings) std::printf("warning: %s\n", warning.c_str());
  if (!result.self_check.confident) std::printf("NOT CONFIDENT: see the warnings\n");
  std::printf("%.1f s; see %s\n", seconds, args.output.directory.c_str());
}

absl::StatusOr<libmpi::table::TableOptions> OptionsOf(const TableRunArguments& args,
                                                      std::optional<libmpi::table::TableModel>* model) {
  libmpi::table::TableOptions options;
  options.preset = PresetNamed(args.link.preset);
  options.match_threshold = args.link.match_threshold;
  options.review_threshold = args.link.review_threshold;
  options.one_to_one = args.one_to_one;
  options.threads = args.input.threads;
  options.seed = args.link.seed;
  if (args.link.model.empty()) return options;
  std::string bytes;
  LIBMPI_ASSIGN_OR_RETURN(bytes, libmpi::ReadInputBytes(args.link.model));
  auto read = libmpi::table::TableModel::FromJson(bytes);
  if (!read.ok()) return absl::InvalidArgumentError(args.link.model + ": " + std::string(read.status().message()));
  model->emplace(*std::move(read));
  options.model = &**model;
  return options;
}

int Publish(const TableRunArguments& args, const libmpi::table::Schema& schema, const TableInput& input,
            const TableResult& result, RunFolder* folder, std::chrono::steady_clock::time_point started) {
  const std::vector<uint32_t> links = LinksToWrite(result.links, input.keys.size(), args.output.all_links);
  if (absl::Status s = WriteAll(folder->path(), schema, input, result, links, libmpi::ResolveThreads(args.input.threads),
                                args.output.no_state);
      !s.ok())
    return FailOutput(s);
  std::optional<RunEvaluation> evaluation;
  if (!args.truth.empty()) {
    auto evaluated = EvaluateRun(folder->path(), args.truth, &result.links);
    if (!evaluated.ok()) return Fail(evaluated.status());
    evaluation = *std::move(evaluated);
    if (absl::Status s = libmpi::WriteWholeFile(folder->path() + "/evaluation.json", evaluation->ToJson()); !s.ok())
      return FailOutput(s);
  }
  if (!args.output.no_report) {
    const auto data = TableReportData(args, schema, input, result, evaluation ? &*evaluation : nullptr,
                                      TooManyRejects(args, input));
    if (absl::Status s = libmpi::WriteWholeFile(folder->path() + "/report.html", ReportPage(data),
                                                args.output.with_values ? 0600 : 0644);
        !s.ok())
      return FailOutput(s);
  }
  const double seconds = SecondsSince(started);
  if (absl::Status s = libmpi::WriteWholeFile(folder->path() + "/summary.json", SummaryJson(args, input, result, links.size(), seconds));
      !s.ok())
    return FailOutput(s);
  if (absl::Status s = folder->Publish(); !s.ok()) return FailOutput(s);
  PrintSummary(args, input, result, seconds);
  if (evaluation) std::printf("%s", evaluation->ToText().c_str());
  return TooManyRejects(args, input) || !result.self_check.confident ? kNeedsALook : kDone;
}

int PrintDryRun(const TableRunArguments& args, const TableInput& input) {
  std::printf("%llu rows read, %zu records would be linked, %zu rejected, %zu cells unreadable; nothing was written\n",
              static_cast<unsigned long long>(input.rows_read()), input.keys.size(), input.rejects.size(),
              input.unreadable.size());
  return TooManyRejects(args, input) ? kNeedsALook : kDone;
}

}  // namespace

int RunTables(const TableRunArguments& args) {
  if (args.output.resume) return FailUsage("--resume does not apply with --schema: such a run keeps no stages");
  const auto started = std::chrono::steady_clock::now();
  if (absl::Status s = args.link.Check(); !s.ok()) return FailUsage(std::string(s.message()));
  if (!args.input.columns.empty() || !args.link.today.empty() || args.link.population > 0)
    return FailUsage("--columns, --today and --population are of the patient schema; with --schema the schema says all");
  const auto read_options = args.input.ReadOptions();
  if (!read_options.ok()) return Fail(read_options.status());
  std::optional<libmpi::table::TableModel> model;
  auto options = OptionsOf(args, &model);
  if (!options.ok()) return Fail(options.status());
  // A model brings the schema it was learned by.
  const auto schema = model && args.schema == "auto" ? absl::StatusOr<libmpi::table::Schema>(model->schema)
                                                     : ReadSchema(args.schema, args.input.files, *read_options);
  if (!schema.ok()) return Fail(schema.status());
  if (!args.truth.empty())
    if (absl::Status s = CheckTruth(args.truth); !s.ok()) return Fail(s);
  std::vector<std::string> all_files = args.input.files;
  all_files.insert(all_files.end(), args.reference.begin(), args.reference.end());
  std::optional<RunFolder> folder;
  if (!args.output.dry_run)
    if (const int code = OpenRunFolder(args.output, all_files, &folder); code != kDone) return code;
  const auto input = ReadTable(args.input.files, args.reference, *schema, *read_options);
  if (!input.ok()) return Fail(input.status());
  if (!args.reference.empty() && input->table.second_list() == input->table.size())
    return Fail(absl::InvalidArgumentError("the reference list holds no record"));
  if (args.output.dry_run) return PrintDryRun(args, *input);
  if (!args.decisions.empty()) {
    auto decided = ReadDecisions(args.decisions, KeysOf(*input));
    if (!decided.ok()) return Fail(decided.status());
    options->decisions = std::move(decided->decisions);
    for (const std::string& warning : decided->warnings) std::fprintf(stderr, "nayose: %s\n", warning.c_str());
  }
  options->progress = read_options->progress;
  const auto result = libmpi::table::LinkTable(*schema, input->table, *options);
  if (!result.ok()) return Fail(result.status());
  if (read_options->progress) read_options->progress("done", 1, 1);
  return Publish(args, *schema, *input, *result, &*folder, started);
}

}  // namespace nayose
