// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "libmpi/evaluation/region.h"
#include "libmpi/exchange/csv_writer.h"
#include "libmpi/exchange/output_file.h"
#include "libmpi/exchange/patient_files.h"
#include "nlohmann/json.hpp"
#include "tools/nayose/command.h"
#include "tools/simulate/feed_folder.h"
#include "tools/simulate/simulated_region.h"

namespace nayose {
namespace {

struct Arguments {
  libmpi::RegionOptions region;
  std::string directory, format;
  bool force = false;
};

// Of "mix": what the systems of each kind of facility are wont to send.
constexpr libmpi::FeedFormat kUsualFormats[] = {libmpi::FeedFormat::kSsMix2, libmpi::FeedFormat::kUke,
                                                libmpi::FeedFormat::kNsips, libmpi::FeedFormat::kOrca,
                                                libmpi::FeedFormat::kCsv};

constexpr const char* kHeader =
    "record_id,source,name,kana,birth,sex,insurer,symbol,number,branch,care_insurer,care_number,"
    "postal_code,prefecture,city,street,phone\n";

constexpr const char* kTruthHeader = "source,record_id,person_id,twin_person_id,true_family_name,elderly_card\n";

std::string RowText(const libmpi::RegionRow& r) {
  std::string text;
  for (const std::string* field :
       {&r.record_id, &r.source, &r.name, &r.kana, &r.birth, &r.sex, &r.insurer, &r.symbol, &r.number, &r.branch,
        &r.care_insurer, &r.care_number, &r.postal_code, &r.prefecture, &r.city, &r.street, &r.phone}) {
    if (field != &r.record_id) text += ',';
    libmpi::AppendCsvField(*field, &text);
  }
  return text + '\n';
}

std::string RegionJson(const libmpi::RegionOptions& o, const libmpi::RegionStatistics& s) {
  return nlohmann::ordered_json{{"persons_asked", o.persons}, {"seed", o.seed}, {"dirt", o.dirt},
                                {"name_power", o.name_power}, {"persons", s.persons},
                                {"records", s.records}, {"households", s.households}, {"twin_pairs", s.twin_pairs},
                                {"kana_only_rows", s.kana_only_rows}, {"kanji_only_rows", s.kanji_only_rows},
                                {"romaji_rows", s.romaji_rows}, {"unsplit_rows", s.unsplit_rows},
                                {"swapped_rows", s.swapped_rows}, {"missing_branch_rows", s.missing_branch_rows},
                                {"unknown_glyph_rows", s.unknown_glyph_rows}, {"movers", s.movers},
                                {"married_name_changes", s.married_name_changes},
                                {"insurer_changes", s.insurer_changes}, {"turned_75", s.turned_75},
                                {"foreign_persons", s.foreign_persons}}.dump(1) + "\n";
}

std::string TruthText(const libmpi::RegionRow& row) {
  return row.source + "," + row.record_id + "," + std::to_string(row.person) + "," +
         (row.twin == 0 ? "" : std::to_string(row.twin)) + "," + row.family_name + (row.elderly_card ? ",1\n" : ",0\n");
}

// Where --force was said: those of an earlier region, and of nothing else.
absl::Status RemoveEarlierFeeds(const std::string& region, const std::string& feeds) {
  std::error_code error;
  if (!std::filesystem::exists(feeds, error)) return absl::OkStatus();
  for (const char* name : {"region.json", "truth.csv", "sources.json"})
    if (!std::filesystem::exists(region + "/" + name, error))
      return absl::FailedPreconditionError(feeds + ": is no earlier region's (there is no " + name +
                                           " beside it); give another folder");
  std::filesystem::remove_all(feeds, error);
  return error ? absl::PermissionDeniedError(feeds + ": " + error.message()) : absl::OkStatus();
}

// Each facility's patients as its system would send them, FACILITY/... Keeps all rows in memory.
int RunGenerateFeeds(const Arguments& args) {
  SimulatedRegion region;
  std::string truth = kTruthHeader;
  const libmpi::RegionStatistics statistics = libmpi::GenerateRegion(args.region, [&](const libmpi::RegionRow& row) {
    const auto [it, added] =
        region.facility_of.try_emplace(row.source, static_cast<uint32_t>(region.facilities.size()));
    if (added) {
      SimulatedFacility f;
      f.institution = InstitutionCode("13", row.facility_kind, it->second);
      f.format = libmpi::FeedFormatOf(args.format).value_or(kUsualFormats[row.facility_kind]);
      f.facility.name = NamesItself(f.format) ? f.institution : row.source;
      region.facilities.push_back(std::move(f));
    }
    libmpi::RegionRow said = row;
    said.source = region.facilities[it->second].facility.name;
    region.rows.push_back({it->second, 0, 0, libmpi::RecordOf(said)});
    region.rows.back().record.Normalize();
    truth += TruthText(said);
  });
  std::ranges::stable_sort(region.rows, {}, &SimulatedRow::facility);
  const std::string feeds = args.directory + "/feeds";
  if (const absl::Status s = RemoveEarlierFeeds(args.directory, feeds); !s.ok())
    return absl::IsFailedPrecondition(s) ? FailUsage(std::string(s.message())) : FailOutput(s);
  const auto written = WriteDay(region, region.rows, 0, false, feeds);
  if (!written.ok()) return FailOutput(written.status());
  for (const auto& [name, text] : {std::pair("truth.csv", truth), std::pair("region.json", RegionJson(args.region, statistics))})
    if (absl::Status s = libmpi::WriteWholeFile(args.directory + "/" + name, text); !s.ok()) return FailOutput(s);
  // Few formats name whose the numbers are.
  nlohmann::ordered_json sources;
  for (const SimulatedFacility& f : region.facilities)
    sources[(std::filesystem::path(written->path) / f.facility.name).lexically_normal().string()] = f.facility.name;
  if (absl::Status s = libmpi::WriteWholeFile(args.directory + "/sources.json", sources.dump(1) + "\n"); !s.ok())
    return FailOutput(s);
  std::printf("%llu records of %llu invented persons as %llu files in %s\n",
              static_cast<unsigned long long>(statistics.records), static_cast<unsigned long long>(statistics.persons),
              static_cast<unsigned long long>(written->files), written->path.c_str());
  return kDone;
}

int RunGenerate(const Arguments& args) {
  std::error_code error;
  std::filesystem::create_directories(args.directory, error);
  if (error) return FailOutput(absl::PermissionDeniedError(args.directory + ": " + error.message()));
  if (!std::isfinite(args.region.dirt)) return FailUsage("--dirt is a plain number");
  if (!std::isfinite(args.region.name_power)) return FailUsage("--name-power is a plain number");
  if (!args.force)
    for (const char* name : {"hospital.csv", "clinic.csv", "pharmacy.csv", "dental.csv", "care.csv", "truth.csv", "region.json", "feeds"})
      if (std::filesystem::exists(std::filesystem::path(args.directory) / name))
        return FailUsage(args.directory + "/" + name + ": is there already; give another folder or --force");
  if (!args.format.empty()) return RunGenerateFeeds(args);
  std::vector<libmpi::OutputFile> files;
  for (const std::string& kind : libmpi::FacilityKinds()) {
    auto file = libmpi::OutputFile::Create(args.directory + "/" + kind + ".csv");
    if (!file.ok()) return FailOutput(file.status());
    file->Append(kHeader);
    files.push_back(*std::move(file));
  }
  auto truth = libmpi::OutputFile::Create(args.directory + "/truth.csv");
  if (!truth.ok()) return FailOutput(truth.status());
  truth->Append(kTruthHeader);
  const libmpi::RegionStatistics statistics =
      libmpi::GenerateRegion(args.region, [&](const libmpi::RegionRow& row) {
        files[row.facility_kind].Append(RowText(row));
        truth->Append(TruthText(row));
      });
  for (libmpi::OutputFile& file : files)
    if (absl::Status s = file.Commit(); !s.ok()) return FailOutput(s);
  if (absl::Status s = truth->Commit(); !s.ok()) return FailOutput(s);
  const std::string region = RegionJson(args.region, statistics);
  if (absl::Status s = libmpi::WriteWholeFile(args.directory + "/region.json", region); !s.ok())
    return FailOutput(s);
  std::printf("%llu records of %llu invented persons in %s\n", static_cast<unsigned long long>(statistics.records),
              static_cast<unsigned long long>(statistics.persons), args.directory.c_str());
  return kDone;
}

}  // namespace

void AddGenerate(CLI::App* app, Run* run) {
  CLI::App* command = app->add_subcommand("generate", "A synthetic region of invented persons, with truth");
  auto args = std::make_shared<Arguments>();
  command->add_option("--persons", args->region.persons, "How many persons")->check(CLI::Range(1, 200000000));
  command->add_option("--seed", args->region.seed, "Another seed, another region")->check(CLI::NonNegativeNumber);
  command->add_option("--dirt", args->region.dirt, "Multiplies every error rate")->check(CLI::Range(0.0, 20.0));
  command->add_option("--name-power", args->region.name_power,
                      "Raises the shares of names to this power: above 1 usual names are more usual")
      ->check(CLI::Range(1.0, 4.0));
  std::vector<std::string> formats = {"mix"};
  for (const libmpi::FeedFormat format : libmpi::FeedFormats()) formats.emplace_back(libmpi::FeedFormatName(format));
  command->add_option("--format", args->format,
                      "Write what each facility's system would send, in this format or as a usual mix of them")
      ->check(CLI::IsMember(formats));
  command->add_flag("--force", args->force, "Replace an earlier region");
  command->add_option("--output,-o", args->directory, "Folder to write to")->required();
  command->footer("Writes hospital.csv, clinic.csv, pharmacy.csv, dental.csv, care.csv, truth.csv and region.json; with --format\n"
                  "feeds/FACILITY/... instead of the lists, and sources.json, which says whose each folder is.\n\n"
                  "Examples:\n  nayose generate --persons 100000 --seed 7 --output region/\n"
                  "  nayose dedupe region/{hospital,clinic,pharmacy,dental,care}.csv --truth region/truth.csv --output out/\n"
                  "  nayose generate --persons 10000 --format mix --output mix/\n"
                  "  nayose registry create r/\n"
                  "  nayose import mix/feeds --sources mix/sources.json --registry r/");
  command->callback([args, run] { *run = [args] { return RunGenerate(*args); }; });
}

}  // namespace nayose
