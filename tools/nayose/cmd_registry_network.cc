// SPDX-License-Identifier: Apache-2.0
// A registry as a network's: its facilities and rules, what patients consented to, who looked.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/input_bytes.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/network/network_json.h"
#include "libmpi/record/iso_date.h"
#include "tools/nayose/registry_command.h"
#include "tools/serve/dicom_audit.h"

namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::RecordKey;

std::string Joined(const std::vector<std::string>& names, const char* none) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text.empty() ? none : text;
}

struct FacilityArguments : RegistryArguments {
  libmpi::Facility facility;
  bool no_feeds = false, no_queries = false;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--add", facility.name, "Register (or change) the facility of this name");
    command->add_option("--kind", facility.kind, "hospital, clinic, pharmacy, dental, care ...");
    command->add_option("--authority", facility.authorities, "Sources of its records: its own patients");
    command->add_option("--tenant", facility.tenant,
                        "Of which tenant it is: it is told nothing of others' records (rules: tenants_apart)");
    command->add_flag("--no-feeds", no_feeds, "It puts no records");
    command->add_flag("--no-queries", no_queries, "It is told of no other facility's patients");
  }
};

int RunFacilities(const FacilityArguments& args) {
  const bool add = !args.facility.name.empty();
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    if (add) {
      libmpi::Facility facility = args.facility;
      facility.feeds = !args.no_feeds;
      facility.queries = !args.no_queries;
      if (const absl::Status s = door.network()->PutFacility(facility, door.who()); !s.ok()) return FailChange(s);
      if (args.json) PrintLine({{"name", facility.name}});
      else std::printf("%s is registered\n", facility.name.c_str());
      return kDone;
    }
    if (const absl::Status s = door.Admit(args.operation, args.action); !s.ok())
      return FailChange(s);
    for (const libmpi::Facility& f : door.network()->facilities()) {
      if (args.json) PrintLine(libmpi::FacilityJson(f));
      else
        std::printf("%s  %s  %s%s  %s%s\n", f.name.c_str(), f.kind.empty() ? "-" : f.kind.c_str(),
                    f.feeds ? "feeds" : "", f.queries ? (f.feeds ? "+queries" : "queries") : "", Joined(f.authorities, "no authority").c_str(),
                    f.tenant.empty() ? "" : ("  tenant " + f.tenant).c_str());
    }
    return kDone;
  }, true);
}

struct RulesArguments : RegistryArguments {
  std::string set;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--set", set, "Read the rules from this file of JSON, as this command prints them");
  }
};

int RunRules(const RulesArguments& args) {
  libmpi::AccessRules rules;
  if (!args.set.empty()) {
    auto text = libmpi::ReadInputBytes(args.set);
    if (!text.ok()) return Fail(text.status());
    auto read = libmpi::AccessRulesOfJson(*text);
    if (!read.ok())
      return Fail(absl::Status(read.status().code(), args.set + ": " + std::string(read.status().message())));
    rules = *std::move(read);
  }
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    if (args.set.empty()) {
      if (const absl::Status s = door.Admit(args.operation, args.action); !s.ok())
        return FailChange(s);
      std::printf("%s\n", libmpi::ToJson(door.network()->rules()).c_str());
      return kDone;
    }
    if (const absl::Status s = door.network()->SetRules(rules, door.who()); !s.ok()) return FailChange(s);
    if (args.json) PrintLine({{"rules", rules.rules.size()}});
    else
      std::printf("%zu rules; consent by %s\n", rules.rules.size(),
                  std::string(libmpi::ConsentBasisName(rules.basis)).c_str());
    return kDone;
  }, true);
}

struct ConsentArguments : RegistryArguments {
  std::string record, from, reference;
  std::vector<std::string> tell;
  bool registers = false, withdraws = false;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("record", record, "source:record_id of the patient")->required();
    command->add_flag("--register", registers, "The patient lets other facilities be told of them");
    command->add_flag("--withdraw", withdraws, "The patient withdraws that");
    command->add_option("--from", from, "First day on which it counts, as 2026-04-01");
    command->add_option("--tell", tell, "With --register: only these facilities may be told");
    command->add_option("--reference", reference, "Of the form that was signed; no patient's data");
  }
};

std::string DayText(const libmpi::CivilDate& day) { return day.IsFull() ? libmpi::IsoDateText(day) : "-"; }

void PrintConsent(const libmpi::Consent& consent) {
  std::printf("%s  since %s  %s\n", std::string(libmpi::ConsentStateName(consent.state)).c_str(),
              DayText(consent.since).c_str(),
              consent.facilities.empty() ? "" : ("only " + Joined(consent.facilities, "")).c_str());
}

int ShowConsent(const ConsentArguments& args, const RegistryDoor& door, const RecordKey& key) {
  const auto consent = door.network()->ConsentOf(key, door.who());
  if (!consent.ok()) return Fail(OfIdentifier(key, consent.status()));
  if (args.json) {
    PrintLine(libmpi::PersonConsentJson(*consent));
    return kDone;
  }
  PrintConsent(consent->now);
  for (const libmpi::SaidConsent& s : consent->said) {
    const std::string from = s.statement.carried_from ? "  (said of " + s.statement.carried_from->ToString() + ")" : "";
    std::printf("  %s  %s from %s  %s%s%s%s\n", s.identifier.ToString().c_str(),
                std::string(libmpi::ConsentKindName(s.statement.kind)).c_str(), DayText(s.statement.from).c_str(),
                s.statement.facilities.empty() ? "" : ("only " + Joined(s.statement.facilities, "") + "  ").c_str(),
                s.statement.facility.empty() ? "by the network" : ("at " + s.statement.facility).c_str(),
                s.statement.reference.empty() ? "" : ("  " + s.statement.reference).c_str(), from.c_str());
  }
  return kDone;
}

int RunConsent(const ConsentArguments& args) {
  libmpi::ConsentStatement statement;
  const bool says = args.registers || args.withdraws;
  if (args.registers && args.withdraws) return FailUsage("say either --register or --withdraw");
  if (says) {
    const auto day = libmpi::ParseIsoDate(args.from);
    if (!day) return FailUsage("--from: say the first day on which it counts, as 2026-04-01");
    statement.from = *day;
    statement.kind = args.registers ? libmpi::ConsentKind::kRegistered : libmpi::ConsentKind::kWithdrawn;
    statement.facilities = args.tell;
    statement.reference = args.reference;
  } else if (!args.from.empty() || !args.tell.empty() || !args.reference.empty()) {
    return FailUsage("--from, --tell and --reference are of what a patient says: give --register or --withdraw");
  }
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto key = IdentifierOf(door.registry(), args.record);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    if (!says) return ShowConsent(args, door, *key);
    const auto consent = door.network()->TakeConsent(*key, statement, door.who());
    if (!consent.ok())
      return absl::IsUnavailable(consent.status()) ? FailOutput(consent.status())
                                                   : Fail(OfIdentifier(*key, consent.status()));
    if (args.json) PrintLine(libmpi::ConsentJson(*consent));
    else PrintConsent(*consent);
    return kDone;
  }, true);
}

struct RegisteredArguments : RegistryArguments {
  uint64_t population = 0;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--population", population, "Of the region, to say which share is registered")
        ->check(CLI::PositiveNumber);
  }
};

int RunRegistered(const RegisteredArguments& args) {
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto report = door.network()->Registrations(door.who());
    if (!report.ok()) return FailChange(report.status());
    const uint64_t registered = report->registered();
    if (args.json) {
      Json json = libmpi::RegistrationJson(*report);
      if (args.population > 0) json["share"] = static_cast<double>(registered) / static_cast<double>(args.population);
      PrintLine(json);
      return kDone;
    }
    std::printf("persons     %llu\nregistered  %llu", U(report->persons), U(registered));
    if (args.population > 0)
      std::printf("  %.2f %% of %llu", 100.0 * static_cast<double>(registered) / static_cast<double>(args.population),
                  U(args.population));
    std::printf("\n");
    for (size_t s = 0; s < report->by_state.size(); ++s)
      std::printf("  %-11s %llu\n", std::string(libmpi::ConsentStateName(static_cast<libmpi::ConsentState>(s))).c_str(),
                  U(report->by_state[s]));
    for (const auto& f : report->facilities)
      std::printf("%s  %llu registered of %llu\n", f.facility.empty() ? "(no facility)" : f.facility.c_str(),
                  U(f.registered), U(f.persons));
    for (const auto& m : report->months) std::printf("%s  %llu\n", m.month.c_str(), U(m.registered));
    return kDone;
  }, true);
}

struct AuditArguments : RegistryArguments {
  std::string of, first_month, last_month, format = "text", server = "NAYOSE|NAYOSE";
  std::vector<std::string> anchors;
  uint64_t from = 1, count = 100;
  bool beyond_consent = false, verify = false;
  void AddTo(CLI::App* command) {
    RegistryArguments::AddTo(command);
    command->add_option("--of", of, "Who asked for or was told of this person (source:record_id), newest first");
    command->add_option("--from", from, "First entry to show (default: 1)")->check(CLI::PositiveNumber);
    command->add_option("--count", count, "Entries to show at most (default: 100)")->check(CLI::PositiveNumber);
    command->add_flag("--beyond-consent", beyond_consent,
                      "Only emergencies that were told more than consent lets be told");
    command->add_option("--format", format,
                        "text; json, as --json; dicom: audit messages as IHE's ITI-20 has them, an XML document a line; "
                        "syslog: the same in lines of syslog (RFC 5424)")
        ->check(CLI::IsMember({"text", "json", "dicom", "syslog"}));
    command->add_option("--server", server,
                        "With dicom and syslog: the server's own facility|application (default: NAYOSE|NAYOSE)");
    command->add_option("--usage", first_month,
                        "Instead: how often which facility did what, from this month on, as 2026-04");
    command->add_option("--until", last_month, "With --usage: to this month");
    command->add_flag("--verify", verify, "Instead: prove that the trail is as it was written");
    command->add_option("--anchors", anchors, "With --verify: files of anchors that were kept elsewhere, one a line");
  }
};

void PrintText(const libmpi::AuditEntry& e) {
  std::string text = std::to_string(e.number) + "  " + libmpi::UtcText(e.unix_milliseconds) + "  " +
                     (e.by.facility.empty() ? "office" : e.by.facility) + "|" + e.by.actor + " (" +
                     std::string(libmpi::ProfessionName(e.by.profession)) + ", " +
                     std::string(libmpi::PurposeName(e.by.purpose)) + ")  " + e.action;
  for (const RecordKey& key : e.asked) text += "  " + key.ToString();
  if (e.outcome != libmpi::AuditOutcome::kDone) text += "  " + std::string(libmpi::AuditOutcomeName(e.outcome));
  if (!e.told.empty()) text += "  told of " + std::to_string(e.told.size());
  if (!e.detail.empty()) text += "  " + e.detail;
  if (e.beyond_consent) text += "  BEYOND CONSENT";
  if (!e.by.reason.empty()) text += ": " + e.by.reason;
  std::printf("%s\n", text.c_str());
}

// In the form that was asked for.
class EntryPrinter {
 public:
  // Borrows the registry.
  static absl::StatusOr<EntryPrinter> Make(const AuditArguments& args, const libmpi::Registry& registry) {
    LIBMPI_ASSIGN_OR_RETURN(DicomAuditOptions options, DicomAuditOptionsOf(registry, args.server));
    return EntryPrinter(args.json ? "json" : args.format, std::move(options), registry);
  }
  absl::Status Print(const libmpi::AuditEntry& e) const {
    if (format_ == "text") PrintText(e);
    else if (format_ == "json") PrintLine(libmpi::AuditEntryJson(e));
    else return PrintDicom(e);
    return absl::OkStatus();
  }

 private:
  EntryPrinter(std::string format, DicomAuditOptions options, const libmpi::Registry& registry)
      : format_(std::move(format)), options_(std::move(options)), registry_(registry) {}
  absl::Status PrintDicom(const libmpi::AuditEntry& e) const {
    LIBMPI_ASSIGN_OR_RETURN(const bool made_record, MadeRecord(e, registry_));
    const std::string message = DicomAuditMessage(e, made_record, options_);
    std::printf("%s\n", (format_ == "dicom" ? message : SyslogLine(e, message, options_)).c_str());
    return absl::OkStatus();
  }
  const std::string format_;
  const DicomAuditOptions options_;
  const libmpi::Registry& registry_;
};

int ShowUsage(const AuditArguments& args, const RegistryDoor& door) {
  const auto counts =
      door.network()->Usage(args.first_month, args.last_month.empty() ? "9999-12" : args.last_month, door.who());
  if (!counts.ok()) return FailChange(counts.status());
  for (const libmpi::UsageCount& c : *counts) {
    const std::string outcome(libmpi::AuditOutcomeName(c.outcome));
    if (args.json) PrintLine(libmpi::UsageJson(c));
    else
      std::printf("%s  %-12s %-16s %-8s %llu\n", c.month.c_str(), c.facility.empty() ? "(office)" : c.facility.c_str(),
                  c.action.c_str(), outcome.c_str(), U(c.count));
  }
  return kDone;
}

// Entries from one on, a thousand at a time, until so many were shown.
int ShowEntries(const AuditArguments& args, const EntryPrinter& printer, const RegistryDoor& door) {
  constexpr size_t kAtOnce = 1000;
  uint64_t shown = 0;
  for (uint64_t from = args.from; shown < args.count;) {
    const auto entries = door.network()->Audit(from, kAtOnce, door.who());
    if (!entries.ok()) return FailChange(entries.status());
    for (const libmpi::AuditEntry& e : *entries) {
      if (shown == args.count) break;
      if (args.beyond_consent && !e.beyond_consent) continue;
      if (const absl::Status printed = printer.Print(e); !printed.ok()) return Fail(printed);
      ++shown;
    }
    if (entries->size() < kAtOnce) break;
    from = entries->back().number + 1;
  }
  return kDone;
}

absl::StatusOr<std::vector<libmpi::AuditHead>> ReadAnchors(const std::vector<std::string>& files) {
  std::vector<libmpi::AuditHead> anchors;
  for (const std::string& file : files) {
    const auto text = libmpi::ReadInputBytes(file);
    if (!text.ok()) return text.status();
    size_t number = 0;
    for (size_t begin = 0; begin < text->size();) {
      const size_t end = std::min(text->find('\n', begin), text->size());
      ++number;
      if (end > begin) {
        auto anchor = libmpi::AuditHead::Parse(std::string_view(*text).substr(begin, end - begin));
        if (!anchor.ok())
          return absl::InvalidArgumentError(file + " line " + std::to_string(number) + ": " +
                                            std::string(anchor.status().message()));
        anchors.push_back(*std::move(anchor));
      }
      begin = end + 1;
    }
  }
  return anchors;
}

int VerifyTrail(const AuditArguments& args, const std::vector<libmpi::AuditHead>& anchors, const RegistryDoor& door) {
  const auto findings = door.network()->VerifyTrail(anchors, door.who());
  if (!findings.ok()) return FailChange(findings.status());
  if (args.json) {
    PrintLine({{"sound", findings->empty()}, {"anchors", anchors.size()}, {"findings", *findings}});
  } else if (findings->empty()) {
    std::printf("sound: as it was written%s\n",
                anchors.empty() ? ", as far as can be told without an anchor kept elsewhere" : "");
  }
  if (!args.json)
    for (const std::string& finding : *findings) std::printf("%s\n", finding.c_str());
  return findings->empty() ? kDone : kNeedsALook;
}

int RunAudit(const AuditArguments& args) {
  if (!args.verify && !args.anchors.empty()) return FailUsage("--anchors is of --verify");
  const bool dicom = args.format == "dicom" || args.format == "syslog";
  if (dicom && (args.json || args.verify || !args.first_month.empty()))
    return FailUsage("--format " + args.format + " is of entries: not with --json, --verify and --usage");
  const auto anchors = ReadAnchors(args.anchors);
  if (!anchors.ok()) return Fail(anchors.status());
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    if (args.verify) return VerifyTrail(args, *anchors, door);
    if (!args.first_month.empty()) return ShowUsage(args, door);
    const auto printer = EntryPrinter::Make(args, door.registry());
    if (!printer.ok()) return Fail(printer.status());
    if (args.of.empty()) return ShowEntries(args, *printer, door);
    const auto key = IdentifierOf(door.registry(), args.of);
    if (!key.ok()) return FailUsage(std::string(key.status().message()));
    const auto entries = door.network()->WhoLooked(*key, args.count, door.who());
    if (!entries.ok()) return Fail(OfIdentifier(*key, entries.status()));
    for (const libmpi::AuditEntry& e : *entries) {
      if (args.beyond_consent && !e.beyond_consent) continue;
      if (const absl::Status printed = printer->Print(e); !printed.ok()) return Fail(printed);
    }
    return kDone;
  }, true);
}

int RunAnchor(const RegistryArguments& args) {
  return WithDoor(args, OpenFor::kWriting, [&](const RegistryDoor& door) -> int {
    const auto head = door.network()->Anchor(door.who());
    if (!head.ok()) return FailChange(head.status());
    if (args.json) PrintLine(libmpi::AuditHeadJson(*head));
    else std::printf("%s\n", head->ToString().c_str());
    return kDone;
  }, true);
}

}  // namespace

void AddRegistryNetwork(CLI::App* registry, Run* run) {
  using libmpi::Operation;
  AddRegistryCommand(registry, run, "facilities", "The members of a network, and what they may do; or register one",
                     std::make_shared<FacilityArguments>(), RunFacilities)
      ->footer(
          "With its first facility a registry becomes a network's: whoever comes to it from then on says who they are\n"
          "(--at, --profession, --purpose), is told what rules and consent allow, and leaves an entry in the audit trail.\n\n"
          "Examples:\n"
          "  nayose registry facilities network/ --add hospital --kind hospital --authority H001 \\\n"
          "    --profession operator --purpose operations\n"
          "  nayose registry facilities network/ --add pharmacy --kind pharmacy --no-feeds --profession operator --purpose operations\n"
          "  nayose registry facilities network/ --add clinic --authority C002 --tenant north \\\n"
          "    --profession operator --purpose operations");
  AddRegistryCommand(registry, run, "rules", "Who may do what, and of whom they may be told then; or set that",
                     std::make_shared<RulesArguments>(), RunRules)
      ->footer("Examples:\n"
               "  nayose registry rules network/ --profession operator --purpose operations > rules.json\n"
               "  nayose registry rules network/ --set rules.json --profession operator --purpose operations");
  AddRegistryCommand(registry, run, "consent", "What a patient consented to; or take down what they say",
                     std::make_shared<ConsentArguments>(), RunConsent)
      ->footer(
          "Said of an identifier, it counts for the person: the statement from the latest day decides, of one day's the\n"
          "last. It changes what others are told from the next answer on, and nothing of who is linked.\n\n"
          "Examples:\n"
          "  nayose registry consent network/ H001:00001003 --register --from 2026-04-01 --reference 'form 12' \\\n"
          "    --at hospital --profession clerk --purpose registration\n"
          "  nayose registry consent network/ H001:00001003 --at hospital --profession clerk --purpose registration");
  AddRegistryCommand(registry, run, "registered", "How many persons are registered, by facility and month",
                     std::make_shared<RegisteredArguments>(), RunRegistered)
      ->footer(
          "Examples:\n  nayose registry registered network/ --population 1200000 --profession operator --purpose operations");
  AddRegistryCommand(registry, run, "audit", "Who did and saw what, when and what for",
                     std::make_shared<AuditArguments>(), RunAudit)
      ->footer(
          "--verify exits with 1 where the trail is not as it was written.\n\n"
          "Examples:\n"
          "  nayose registry audit network/ --from 1200 --profession auditor --purpose audit\n"
          "  nayose registry audit network/ --of H001:00001003 --profession operator --purpose patient_request\n"
          "  nayose registry audit network/ --beyond-consent --json --profession auditor --purpose audit\n"
          "  nayose registry audit network/ --format dicom --from 1200 --count 1000000 --profession auditor --purpose audit\n"
          "  nayose registry audit network/ --usage 2026-04 --until 2026-09 --profession auditor --purpose audit\n"
          "  nayose registry audit network/ --verify --anchors /elsewhere/anchors --profession auditor --purpose audit");
  AddRegistryCommand(registry, run, "anchor", "Where the audit trail stands: a line to be kept elsewhere",
                     std::make_shared<RegistryArguments>(), RunAnchor)
      ->footer(
          "What an anchor covers can't be changed, cut off or rolled back unseen any more.\n\n"
          "Examples:\n  nayose registry anchor network/ --profession auditor --purpose audit >> /elsewhere/anchors");
}

}  // namespace nayose
