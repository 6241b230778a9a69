// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/common_options.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/column_mapping.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/text/charset.h"
#include "tools/nayose/memory_budget.h"
#include "tools/nayose/progress.h"

namespace nayose {

const char kFieldsHelp[] =
    "Fields: record_id source name family given kana family_kana given_kana latin former_name birth sex\n"
    "insurer symbol number branch care_insurer care_number postal_code prefecture city street address\n"
    "phone phone2, by these names or their usual Japanese ones (患者ID 施設 漢字氏名 カナ氏名 生年月日 性別\n"
    "保険者番号 記号 番号 枝番 郵便番号 住所 電話番号 ...). Only record_id must be there. Names, kana, former names,\n"
    "addresses and phones may have several columns. My Numbers (個人番号) are never read.\n";

const char kRunHelp[] =
    "While it runs, progress shows on standard error if that is a terminal (--progress and --no-progress say\n"
    "otherwise). All output is written aside, into .nayose-partial in the output folder, and takes its place\n"
    "when it is whole, so an earlier run stays as it was until then. Ctrl-C stops after the step at hand, leaves\n"
    "the earlier run in the folder as it was, and exits with 130; a second Ctrl-C or a kill ends at once. Finished\n"
    "stages are kept in .nayose-partial/stages (readable by you only; they hold what patients said): the same command\n"
    "with --resume goes on from them to the same output, any other run clears them, and a run that ends well leaves\n"
    "none. --dry-run reads and checks all input, says what would be linked, which columns are not\n"
    "used, which rows are rejected (the first ten) and, of patients, what the run would take of time, memory,\n"
    "disk and candidate pairs, and writes nothing; it exits with 1 where columns or rows need a look.\n";

void InputArguments::AddTo(CLI::App* command, bool with_files) {
  if (with_files)
    command->add_option("files", files, "Patient lists: CSV or TSV, also .gz and .zst; - is standard input")
        ->required();
  command->add_option("--encoding", encoding, "UTF-8, CP932, EUC-JP or ISO-2022-JP (default: detected)");
  command->add_option("--format", format, "What the files are: csv uke nsips hl7 ss-mix2 dicom orca checkup eligibility fhir\n"
                      "(default: found out for each file)");
  command->add_option("--columns", columns,
                      "JSON file {\"header\": \"field\", ...}, where an empty field ignores the column; or one that comes with the "
                      "program: care-insurance, lab-center, prescription, resident-list (of each list the one that fits, if any, "
                      "without this option); or usual: none of them");
  command->add_option("--source", source, "Source of rows whose file has no source column (default: the file's name)");
  command->add_option("--threads", threads, "Threads to use (default: all cores)")->check(CLI::Range(0, 1024));
  command->add_flag("--progress", progress, "Show progress even where standard error is no terminal");
  command->add_flag("--no-progress", no_progress, "Show no progress");
}

absl::Status InputArguments::Check(const std::vector<std::string>& reference) const {
  size_t stdins = 0;
  for (const auto* list : {&files, &reference})
    stdins += static_cast<size_t>(std::count(list->begin(), list->end(), "-"));
  if (stdins > 1) return absl::InvalidArgumentError("standard input (-) can be read once only");
  if (!encoding.empty()) LIBMPI_RETURN_IF_ERROR(libmpi::ParseCharset(encoding).status());
  if (!format.empty() && !libmpi::FeedFormatOf(format))
    return absl::InvalidArgumentError("--format must be csv, uke, nsips, hl7, ss-mix2, dicom, orca, checkup, eligibility or fhir");
  return absl::OkStatus();
}

bool InputArguments::ShowProgress() const { return !no_progress && (progress || StderrIsTerminal()); }

namespace {
constexpr char kUsualColumns[] = "usual";
}  // namespace

bool InputArguments::IsBundledMapping() const {
  return !libmpi::BundledColumnMapping(columns).empty() && !std::filesystem::exists(columns);
}

absl::StatusOr<std::string> InputArguments::ColumnsText() const {
  if (columns.empty() || columns == kUsualColumns) return columns;
  if (IsBundledMapping()) return std::string(libmpi::BundledColumnMapping(columns));
  return libmpi::ReadSmallFile(columns, size_t{1} << 20);
}

absl::StatusOr<libmpi::ReadOptions> InputArguments::ReadOptions() const {
  libmpi::ReadOptions options;
  options.encoding = encoding;
  options.default_source = source;
  options.format = libmpi::FeedFormatOf(format);
  options.threads = threads;
  options.progress = MakeProgress(ShowProgress());
  if (columns.empty()) return options;
  if (columns == kUsualColumns) {
    options.columns[""] = "";  // something is said: no list is looked at for the map that it may be of
    options.columns_may_lack = true;
    return options;
  }
  std::string text;
  LIBMPI_ASSIGN_OR_RETURN(text, ColumnsText());
  LIBMPI_ASSIGN_OR_RETURN(options.columns, libmpi::ParseColumnMapping(text, columns));
  options.columns_may_lack = IsBundledMapping();
  return options;
}

void LinkArguments::AddTo(CLI::App* command, bool with_model) {
  if (with_model) {
    command->add_option("--model", model, "Model file (default: learned from the records)");
    command->add_option("--preset", preset, "balanced: even odds, best F1; safe: at most 1 wrong link in 10,000 by the model's estimate")
        ->check(CLI::IsMember({"balanced", "safe"}));
    command->add_option("--match-threshold", match_threshold, "Link at or above this match weight, in bits");
    command->add_option("--review-threshold", review_threshold, "Review at or above this match weight, in bits");
    command->add_option("--population", population, "Persons of the population, for the common-name rule (default: 10 million or more)")
        ->check(CLI::NonNegativeNumber);
  }
  command->add_option("--seed", seed, "Chooses the training sample of large data")->check(CLI::NonNegativeNumber);
  command->add_option("--today", today, "YYYY-MM-DD, for births in the future (default: the clock)");
}

absl::StatusOr<libmpi::CivilDate> ParseToday(const std::string& text) {
  if (text.empty()) {
    const std::time_t now = std::time(nullptr);
    std::tm utc;
    gmtime_r(&now, &utc);
    return libmpi::CivilDate{static_cast<int16_t>(utc.tm_year + 1900), static_cast<uint8_t>(utc.tm_mon + 1),
                             static_cast<uint8_t>(utc.tm_mday)};
  }
  const std::optional<libmpi::CivilDate> told = libmpi::ParseIsoDate(text);
  if (!told) return absl::InvalidArgumentError("--today must be a date like 2026-04-01");
  return *told;
}

libmpi::Preset PresetNamed(std::string_view name) {
  return name == "safe" ? libmpi::Preset::kSafe : libmpi::Preset::kBalanced;
}

absl::Status LinkArguments::Check() const {
  for (const std::optional<double>& number : {match_threshold, review_threshold, std::optional<double>(population)})
    if (number && !std::isfinite(*number))
      return absl::InvalidArgumentError("--match-threshold, --review-threshold and --population are plain numbers");
  const double match = match_threshold.value_or(preset == "safe" ? 6 : 0);
  if (review_threshold && *review_threshold > match)
    return absl::InvalidArgumentError("the review threshold lies above the match threshold; give --match-threshold as well");
  return absl::OkStatus();
}

absl::StatusOr<libmpi::LinkOptions> LinkArguments::LinkOptions(
    std::optional<libmpi::Model>* loaded) const {
  LIBMPI_RETURN_IF_ERROR(Check());
  libmpi::LinkOptions options;
  options.preset = PresetNamed(preset);
  options.match_threshold = match_threshold;
  options.review_threshold = review_threshold;
  options.population = population;
  options.seed = seed;
  LIBMPI_ASSIGN_OR_RETURN(options.today, ParseToday(today));
  if (!model.empty()) {
    std::string text;
    LIBMPI_ASSIGN_OR_RETURN(text, libmpi::ReadSmallFile(model));
    auto read = libmpi::Model::FromJson(text);
    if (!read.ok())
      return absl::InvalidArgumentError(model + ": " + std::string(read.status().message()));
    *loaded = *std::move(read);
    options.model = &**loaded;
  }
  return options;
}

void OutputArguments::AddTo(CLI::App* command) {
  command->add_option("--output,-o", directory, "Folder to write to")->required();
  command->add_flag("--force", force, "Replace the output of an earlier run");
  command->add_flag("--resume", resume,
                    "Go on from the finished stages of a run of the same input and options that was killed; without one, "
                    "begin anew");
  command->add_flag("--no-checkpoints", no_checkpoints, "Keep no finished stages for --resume");
  command->add_flag("--no-state", no_state, "Keep no state/: explain will not work on this run");
  command->add_flag("--all-links", all_links,
                    "List every link at or above the review threshold in links.csv (default: of each cluster's match links "
                    "those that hold it together, the strongest, and all review links)");
  command->add_flag("--no-report", no_report, "Write no report.html");
  command->add_flag("--with-values", with_values,
                    "Show names, birth dates and the like in report.html (default: agreement only); keep it safe then");
  command->add_flag("--dry-run", dry_run, "Read and check the input, say what would be done, write nothing");
  command->add_option("--temp", temp,
                      "Folder for temporary files of large runs, whose texts do not stay in memory (default: the output folder); "
                      "as private as the input")
      ->check(CLI::ExistingDirectory);
  command->add_option("--memory", memory,
                      "Most memory to take, like 2G or 800M: what does not fit lies in temporary files, with the same result "
                      "in about twice the time, other programs first (default: seven eighths of the machine's, or of the limit put "
                      "on the process)")
      ->check(CLI::Validator(
          [](std::string& text) {
            const auto parsed = ParseMemory(text);
            return parsed.ok() ? "" : std::string(parsed.status().message());
          },
          "SIZE"));
  command->add_option("--max-rejects", max_rejects, "Exit with 1 beyond this many rejected rows (default: 1 % of the rows)")
      ->check(CLI::NonNegativeNumber);
}

}  // namespace nayose
