// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "libmpi/exchange/csv_file.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/table/schema_suggest.h"
#include "tools/nayose/command.h"
#include "tools/nayose/common_options.h"
#include "tools/nayose/table_input.h"

namespace nayose {
namespace {

struct Arguments {
  std::string file, output, encoding;
  bool force = false;
};

int Suggest(const Arguments& args) {
  libmpi::ReadOptions options;
  options.encoding = args.encoding;
  if (!args.output.empty() && std::filesystem::exists(args.output) && !args.force)
    return FailUsage(args.output + ": is there already; give another --output, or --force");
  const auto file = libmpi::CsvFile::Read(args.file, options);
  if (!file.ok()) return Fail(file.status());
  const auto suggestion = libmpi::table::SuggestSchema(file->header, file->rows);
  if (!suggestion.ok()) return Fail(absl::InvalidArgumentError(args.file + ": " + std::string(suggestion.status().message())));
  for (const std::string& reason : suggestion->reasons) std::fprintf(stderr, "%s\n", reason.c_str());
  const std::string json = suggestion->schema.ToJson();
  if (args.output.empty()) {
    std::printf("%s", json.c_str());
    return kDone;
  }
  const absl::Status written = libmpi::WriteWholeFile(args.output, json);
  return written.ok() ? kDone : FailOutput(written);
}

int Check(const Arguments& args) {
  const auto schema = ReadSchema(args.file, {}, {});
  if (!schema.ok()) return Fail(schema.status());
  std::printf("%s: %zu fields, %zu comparisons, %zu classes; it can be linked with\n", args.file.c_str(),
              schema->fields.size(), schema->comparisons.size(), schema->classes.size());
  return kDone;
}

}  // namespace

void AddSchema(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("schema", "How any table is compared: propose a schema, check one");
  command->require_subcommand(1);
  command->footer("Examples:\n"
                  "  nayose schema suggest people.csv --output people.schema.json\n"
                  "  nayose schema check people.schema.json");
  auto args = std::make_shared<Arguments>();
  CLI::App* suggest = command->add_subcommand("suggest", "Propose a schema for a CSV file, with reasons");
  suggest->add_option("file", args->file, "CSV with a header")->required();
  suggest->add_option("--output", args->output, "Write the schema there; else it is printed");
  suggest->add_flag("--force", args->force, "Replace the file of --output");
  suggest->add_option("--encoding", args->encoding, "Character set; else it is found out");
  suggest->footer("The reasons go to standard error, the schema to standard output. It is a start: look at the kinds and\n"
                  "classes, edit them, then link by it.\n\n"
                  "Examples:\n"
                  "  nayose schema suggest people.csv > people.schema.json\n"
                  "  nayose dedupe people.csv --schema people.schema.json --output out/");
  suggest->callback([args, run] { *run = [args] { return Suggest(*args); }; });
  CLI::App* check = command->add_subcommand("check", "Whether a schema file makes sense");
  check->add_option("file", args->file, "Schema file")->required();
  check->footer("Examples:\n  nayose schema check people.schema.json");
  check->callback([args, run] { *run = [args] { return Check(*args); }; });
}

}  // namespace nayose
