// SPDX-License-Identifier: Apache-2.0
// Taking over an index that a network had before, and working through what the two disagree on.
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include "libmpi/network/network_json.h"
#include "libmpi/network/takeover.h"
#include "tools/nayose/csv_table.h"
#include "tools/nayose/progress.h"
#include "tools/nayose/registry_command.h"

namespace nayose {
namespace {

using libmpi::Disagreement;
using libmpi::RecordKey;
using libmpi::Registry;

struct TakeoverArguments : RegistryArguments {
  std::string file, index;
  std::vector<std::string> confirm, release;
  bool dry_run = false, list = false;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("file", file, "The index: CSV of person_id, source, record_id and, if any, retired_id");
    command->add_option("--index", index, "The name under which its IDs are kept, a source of its own")->required();
    command->add_flag("--dry-run", dry_run, "Compare and list, change nothing");
    command->add_flag("--list", list, "What is still to be worked through");
    command->add_option("--confirm", confirm, "The two records of an entry of the list: the index was right")
        ->expected(2);
    command->add_option("--release", release, "The two records of an entry of the list: the registry decides")
        ->expected(2);
  }
};

// Rows of one person_id are one person; a row may have a record, a retired ID, or both.
absl::StatusOr<std::vector<libmpi::InheritedPerson>> ReadIndex(const std::string& path) {
  const auto table = CsvTable::Read(path, {"person_id", "source", "record_id"});
  if (!table.ok()) return table.status();
  std::vector<libmpi::InheritedPerson> persons;
  std::unordered_map<std::string, size_t> number;
  for (size_t i = 0; i < table->size(); ++i) {
    const std::string &id = table->Get(i, "person_id"), &source = table->Get(i, "source"),
                      &record = table->Get(i, "record_id");
    const std::string& retired = table->Get(i, "retired_id");
    if (id.empty() || source.empty() != record.empty())
      return absl::InvalidArgumentError(path + " line " + std::to_string(table->line(i)) +
                                        ": needs a person_id, and source and record_id together");
    const auto [it, is_new] = number.try_emplace(id, persons.size());
    if (is_new) persons.push_back({id, {}, {}});
    libmpi::InheritedPerson& person = persons[it->second];
    if (!record.empty()) person.records.push_back({source, record, 0});
    if (!retired.empty()) person.retired_ids.push_back(retired);
  }
  return persons;
}

void PrintDisagreement(const Disagreement& d, bool json) {
  if (json) return PrintLine(libmpi::DisagreementJson(d));
  std::printf("%-8s  %s  %s  %.3f bits  %s %s\n", std::string(libmpi::DisagreementName(d.kind)).c_str(),
              d.a.ToString().c_str(), d.b.ToString().c_str(), d.weight, d.id_a.c_str(), d.id_b.c_str());
}

int ShowList(const TakeoverArguments& args, const Registry& registry) {
  const auto list = libmpi::TakeoverList(registry, args.index);
  if (!list.ok()) return FailChange(list.status());
  for (const Disagreement& d : *list) PrintDisagreement(d, args.json);
  if (list->empty() && !args.json) std::printf("nothing is left to be worked through\n");
  return kDone;
}

// One entry of the list, worked through.
int WorkThrough(const TakeoverArguments& args, Registry* registry) {
  const bool confirms = !args.confirm.empty();
  RecordKey keys[2];
  for (int i = 0; i < 2; ++i) {
    const auto key = IdentifierOf(*registry, (confirms ? args.confirm : args.release)[static_cast<size_t>(i)]);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    keys[i] = *key;
  }
  const auto entry = libmpi::TakeoverEntry(*registry, args.index, keys[0], keys[1]);
  if (absl::IsNotFound(entry.status()))
    return Fail(absl::NotFoundError(std::string(entry.status().message()) + " (nayose registry takeover --list)"));
  if (!entry.ok()) return FailChange(entry.status());
  const absl::Status done = confirms ? libmpi::Confirm(registry, args.index, *entry, args.By())
                                     : libmpi::Release(registry, args.index, *entry, args.By());
  if (!done.ok()) return FailChange(done);
  if (args.json) PrintLine({{"done", confirms ? "confirmed" : "released"}});
  else std::printf("%s\n", confirms ? "confirmed" : "released: the registry decides by itself");
  return kDone;
}

int TakeIndex(const TakeoverArguments& args, const std::vector<libmpi::InheritedPerson>& persons, Registry* registry) {
  libmpi::TakeoverOptions options;
  options.index = args.index;
  options.dry_run = args.dry_run;
  options.progress = MakeProgress(StderrIsTerminal());
  const auto taken = libmpi::TakeOver(registry, persons, options, args.By());
  if (!taken.ok()) return FailChange(taken.status());
  options.progress("done", 1, 1);
  for (const Disagreement& d : taken->disagreements) PrintDisagreement(d, args.json);
  if (args.json)
    PrintLine({{"dry_run", args.dry_run}, {"persons", taken->persons}, {"ids", taken->ids}, {"agreed", taken->agreed},
               {"unknown_records", taken->unknown_records}, {"repeated_records", taken->repeated_records},
               {"disagreements", taken->disagreements.size()}});
  else
    std::printf(
        "%llu persons with %llu IDs: %llu agreed, %zu disagreements; %llu records not registered, %llu named twice%s\n",
        U(taken->persons), U(taken->ids), U(taken->agreed), taken->disagreements.size(), U(taken->unknown_records),
        U(taken->repeated_records), args.dry_run ? "; nothing was changed" : "");
  return taken->unknown_records + taken->repeated_records > 0 ? kNeedsALook : kDone;
}

int RunTakeover(const TakeoverArguments& args) {
  const int asked = args.list + !args.confirm.empty() + !args.release.empty() + !args.file.empty();
  if (asked != 1) return FailUsage("give the index's file, or --list, --confirm or --release");
  std::vector<libmpi::InheritedPerson> persons;
  if (!args.file.empty()) {
    auto read = ReadIndex(args.file);
    if (!read.ok()) return Fail(read.status());
    persons = *std::move(read);
  }
  const bool reads = args.list || args.dry_run;
  return WithRegistry(args, reads ? OpenFor::kReading : OpenFor::kWriting, [&](Registry& registry) -> int {
    if (args.list) return ShowList(args, registry);
    return args.file.empty() ? WorkThrough(args, &registry) : TakeIndex(args, persons, &registry);
  });
}

}  // namespace

void AddRegistryTakeover(CLI::App* registry, Run* run) {
  AddRegistryCommand(registry, run, "takeover",
                     "Take over an index that the network had before, and work through the differences",
                     std::make_shared<TakeoverArguments>(), RunTakeover)
      ->footer(
          "Load the records first. Every ID of the index, also a retired one, answers for good (find NAME:ID). Persons stay\n"
          "as the index had them; where the registry would have decided otherwise is printed, and stays on the list until\n"
          "somebody confirms it or lets the registry decide. together: one ID there, two persons here; apart: two IDs\n"
          "there, one person here; support, support_apart: keep persons as they were there\n"
          "while another entry about them is open.\n\n"
          "Examples:\n"
          "  nayose registry takeover network/ oldindex.csv --index OLDMPI --dry-run\n"
          "  nayose registry takeover network/ oldindex.csv --index OLDMPI\n"
          "  nayose registry takeover network/ --index OLDMPI --list\n"
          "  nayose registry takeover network/ --index OLDMPI --release H001:7 C002:9 --reason 'two brothers'\n"
          "  nayose registry find network/ OLDMPI:0012345");
}

}  // namespace nayose
