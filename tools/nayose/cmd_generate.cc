// SPDX-License-Identifier: Apache-2.0
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

namespace nayose {
namespace {

struct Arguments {
  libmpi::RegionOptions region;
  std::string directory;
  bool force = false;
};

constexpr const char* kHeader =
    "record_id,source,name,kana,birth,sex,insurer,symbol,number,branch,care_insurer,care_number,"
    "postal_code,prefecture,city,street,phone\n";

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

int RunGenerate(const Arguments& args) {
  std::error_code error;
  std::filesystem::create_directories(args.directory, error);
  if (error) return FailOutput(absl::PermissionDeniedError(args.directory + ": " + error.message()));
  if (!std::isfinite(args.region.dirt)) return FailUsage("--dirt is a plain number");
  if (!std::isfinite(args.region.name_power)) return FailUsage("--name-power is a plain number");
  if (!args.force)
    for (const char* name : {"hospital.csv", "clinic.csv", "pharmacy.csv", "dental.csv", "care.csv", "truth.csv", "region.json"})
      if (std::filesystem::exists(std::filesystem::path(args.directory) / name))
        return FailUsage(args.directory + "/" + name + ": is there already; give another folder or --force");
  std::vector<libmpi::OutputFile> files;
  for (const std::string& kind : libmpi::FacilityKinds()) {
    auto file = libmpi::OutputFile::Create(args.directory + "/" + kind + ".csv");
    if (!file.ok()) return FailOutput(file.status());
    file->Append(kHeader);
    files.push_back(*std::move(file));
  }
  auto truth = libmpi::OutputFile::Create(args.directory + "/truth.csv");
  if (!truth.ok()) return FailOutput(truth.status());
  truth->Append("source,record_id,person_id,twin_person_id,true_family_name,elderly_card\n");
  const libmpi::RegionStatistics statistics =
      libmpi::GenerateRegion(args.region, [&](const libmpi::RegionRow& row) {
        files[row.facility_kind].Append(RowText(row));
        truth->Append(row.source + "," + row.record_id + "," + std::to_string(row.person) + "," +
                      (row.twin == 0 ? "" : std::to_string(row.twin)) + "," + row.family_name +
                      (row.elderly_card ? ",1\n" : ",0\n"));
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
  command->add_flag("--force", args->force, "Replace an earlier region");
  command->add_option("--output,-o", args->directory, "Folder to write to")->required();
  command->footer("Writes hospital.csv, clinic.csv, pharmacy.csv, dental.csv, care.csv, truth.csv and region.json.\n\n"
                  "Examples:\n  nayose generate --persons 100000 --seed 7 --output region/\n"
                  "  nayose dedupe region/{hospital,clinic,pharmacy,dental,care}.csv --truth region/truth.csv --output out/");
  command->callback([args, run] { *run = [args] { return RunGenerate(*args); }; });
}

}  // namespace nayose
