// SPDX-License-Identifier: Apache-2.0
#include "tools/nayose/registry_command.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <vector>

#include "libmpi/exchange/record_json.h"


namespace nayose {
namespace {

using Json = nlohmann::ordered_json;
using libmpi::RecordKey;

// The record_id and part of "record_id#part".
RecordKey KeyWithPart(const RecordKey& whole) {
  const size_t mark = whole.record_id.rfind('#');
  if (mark == std::string::npos || mark == 0) return whole;
  const std::string digits = whole.record_id.substr(mark + 1);
  if (digits.empty() || digits.size() > 5 || digits.front() == '0' ||
      digits.find_first_not_of("0123456789") != std::string::npos || std::stoul(digits) > UINT16_MAX)
    return whole;
  return {whole.source, whole.record_id.substr(0, mark), static_cast<uint16_t>(std::stoul(digits))};
}

std::vector<RecordKey> MeaningsOf(const std::string& text) {
  std::vector<RecordKey> meanings;
  for (size_t colon = text.find(':'); colon != std::string::npos; colon = text.find(':', colon + 1)) {
    RecordKey key{text.substr(0, colon), text.substr(colon + 1), 0};
    if (key.source.empty() || key.record_id.empty()) continue;
    const RecordKey part = KeyWithPart(key);
    meanings.push_back(std::move(key));
    if (part.part != 0) meanings.push_back(part);
  }
  return meanings;
}

Json LinkJson(const libmpi::RegistryLink& link) {
  Json json = libmpi::KeyJson(link.other);
  json["person"] = link.person.ToString();
  json["weight"] = link.weight;
  json["probability"] = link.probability;
  if (link.held) json["held"] = true;
  return json;
}

Json AnswerJson(const RecordKey& record, const libmpi::ChangeAnswer& answer) {
  Json json = libmpi::KeyJson(record);
  json["outcome"] = libmpi::PersonOutcomeName(answer.outcome);
  json["person"] = answer.person.ToString();
  json["revision"] = answer.revision;
  json["event"] = answer.event;
  // One by one: a new member may move those before it.
  for (const char* list : {"findings", "moves", "review", "links"}) json[list] = Json::array();
  for (const libmpi::RegistryLink& link : answer.links)
    json[link.linked ? "links" : "review"].push_back(LinkJson(link));
  for (const libmpi::PersonMove& move : answer.moves) json["moves"].push_back(MoveJson(move));
  for (const libmpi::Finding& finding : answer.findings)
    json["findings"].push_back({{"field", finding.field}, {"finding", libmpi::FindingName(finding.code)}});
  return json;
}

// "none" is said of two things.
std::string_view OutcomeText(const libmpi::ChangeAnswer& answer) {
  if (answer.outcome != libmpi::PersonOutcome::kNone) return libmpi::PersonOutcomeName(answer.outcome);
  return answer.event == 0 ? "unchanged" : "same person";
}

std::string Counted(size_t count, const char* one) {
  return count == 0 ? "" : "  " + std::to_string(count) + " " + one;
}

void PrintDetails(const libmpi::ChangeAnswer& answer) {
  for (const libmpi::RegistryLink& link : answer.links)
    std::printf("  %-8s %s  %.3f bits, probability %.6f, person %s%s\n", link.linked ? "linked" : "review",
                link.other.ToString().c_str(), link.weight, link.probability, link.person.ToString().c_str(),
                link.held ? " (never links by itself)" : "");
  for (const libmpi::PersonMove& move : answer.moves) std::printf("  %s\n", MoveText(move).c_str());
  for (const libmpi::Finding& finding : answer.findings)
    std::printf("  finding  %s: %s\n", finding.field.c_str(), std::string(libmpi::FindingName(finding.code)).c_str());
}

std::string LoginName() {
  const passwd* const user = getpwuid(geteuid());
  return user != nullptr ? user->pw_name : "uid " + std::to_string(geteuid());
}

}  // namespace

void MakeFilesPrivate() { umask(077); }

void RegistryArguments::AddTo(CLI::App* command) {
  command->add_option("folder", folder, "The registry's folder")->required();
  AddAskerTo(command);
}

void RegistryArguments::AddAskerTo(CLI::App* command) {
  command->add_flag("--json", json, "Answer in JSON, one object a line");
  const char* const group = "Who asks (of a network's registry: nayose registry facilities)";
  command->add_option("--actor", actor, "Who does this, for history and audit trail (default: your login name)")
      ->group(group);
  command->add_option("--at", at, "The facility that asks (default: the network's own office)")->group(group);
  command->add_option("--profession", profession, "physician, nurse, clerk, system, steward, auditor, operator ...")
      ->group(group);
  command->add_option("--purpose", purpose, "treatment, emergency, registration, stewardship, audit, operations ...")
      ->group(group);
  command->add_option("--application", application, "The program that asks")->group(group);
  command->add_option("--request", request, "Its own number of the request")->group(group);
  command->add_option("--reason", reason, "Why, for history and audit trail; no patient's data")->group(group);
}

libmpi::Attribution RegistryArguments::By() const { return {actor.empty() ? LoginName() : actor, reason}; }

absl::StatusOr<libmpi::Requester> RegistryArguments::Requester() const {
  const auto who = libmpi::ProfessionOf(profession);
  const auto why = libmpi::PurposeOf(purpose);
  if (!who || !why)
    return absl::InvalidArgumentError(
        folder + ": is a network's registry: say who asks and what for, with --profession and --purpose (" +
        (!who
             ? "profession: physician, dentist, pharmacist, nurse, care_worker, clerk, system, steward, auditor, operator or "
               "researcher"
             : "purpose: treatment, emergency, registration, stewardship, audit, operations, research or patient_request") +
        "), and --at for a facility");
  libmpi::Requester by;
  by.actor = actor.empty() ? LoginName() : actor;
  by.facility = at;
  by.application = application;
  by.profession = *who;
  by.purpose = *why;
  by.request = request;
  by.reason = reason;
  return by;
}

absl::StatusOr<std::unique_ptr<libmpi::Registry>> OpenRegistry(const std::string& folder, OpenFor what,
                                                               libmpi::RegistryOptions options) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return absl::NotFoundError(folder + ": there is no such folder; nayose registry create makes a registry");
  if (std::filesystem::is_empty(folder, error))
    return absl::NotFoundError(folder + ": holds no registry; nayose registry create makes one");
  options.read_only = what == OpenFor::kReading;
  auto registry = libmpi::Registry::Open(folder, options);
  if (registry.ok()) return registry;
  const absl::Status& status = registry.status();
  std::string message = folder + ": " + std::string(status.message());
  if (absl::IsFailedPrecondition(status) && message.find("open for writing elsewhere") != std::string::npos)
    message += "; or let the program that has it open make this change, or take this backup (questions and exports may "
               "be asked beside it)";
  if (absl::IsDataLoss(status)) message += "; try nayose registry recover, else restore a backup";
  return absl::Status(status.code(), message);
}

absl::StatusOr<OpenedRegistry> OpenDoor(const RegistryArguments& args, OpenFor what, libmpi::RegistryOptions options,
                                      bool as_network) {
  if (as_network) what = OpenFor::kWriting;
  auto registry = OpenRegistry(args.folder, what, options);
  if (!registry.ok()) return registry.status();
  const auto is_network = libmpi::Network::IsNetwork(**registry);
  if (!is_network.ok()) return is_network.status();
  if (!*is_network && !as_network) {
    RegistryDoor door(registry->get(), args.By());
    return OpenedRegistry{*std::move(registry), nullptr, std::move(door)};
  }
  auto who = args.Requester();
  if (!who.ok()) return who.status();
  if (what == OpenFor::kReading) {
    registry->reset();
    registry = OpenRegistry(args.folder, OpenFor::kWriting, options);
    if (!registry.ok()) return registry.status();
  }
  auto network = libmpi::Network::Open(registry->get());
  if (!network.ok()) return network.status();
  RegistryDoor door(registry->get(), network->get(), *std::move(who));
  return OpenedRegistry{*std::move(registry), *std::move(network), std::move(door)};
}

absl::StatusOr<RecordKey> IdentifierOf(const libmpi::Registry& registry, const std::string& text) {
  const std::vector<RecordKey> meanings = MeaningsOf(text);
  if (meanings.empty())
    return absl::InvalidArgumentError("an identifier is written source:record_id, as H001:00001003");
  if (meanings.size() == 1) return meanings.front();
  std::vector<RecordKey> known;
  for (const RecordKey& key : meanings) {
    libmpi::RecordStatus status;
    const auto record = registry.Get(key, &status);
    if (record.ok()) known.push_back(key);
    else if (!absl::IsNotFound(record.status())) return record.status();
  }
  if (known.size() > 1)
    return absl::InvalidArgumentError(text + ": is an identifier of several sources, " + known[0].source + " and " +
                                      known[1].source);
  return known.empty() ? meanings.front() : known.front();
}

absl::Status OfIdentifier(const RecordKey& identifier, const absl::Status& status) {
  if (status.ok()) return status;
  std::string message = identifier.ToString() + ": " + std::string(status.message());
  if (absl::IsNotFound(status)) message += "; nayose registry search finds a patient by name and birth date";
  return absl::Status(status.code(), message);
}

void PrintLine(const Json& json) { std::printf("%s\n", libmpi::JsonLine(json).c_str()); }

Json MoveJson(const libmpi::PersonMove& move) {
  Json json = libmpi::KeyJson(move.record);
  json["before"] = move.before ? Json(move.before->ToString()) : Json();
  json["after"] = move.after ? Json(move.after->ToString()) : Json();
  return json;
}

std::string MoveText(const libmpi::PersonMove& move) {
  const auto person = [](const std::optional<libmpi::EnterpriseId>& id) { return id ? id->ToString() : "no person"; };
  return "moved    " + move.record.ToString() + "  from " + person(move.before) + " to " + person(move.after);
}

void PrintAnswer(const RecordKey& record, const libmpi::ChangeAnswer& answer, bool json, bool details) {
  if (json) return PrintLine(AnswerJson(record, answer));
  const size_t linked = static_cast<size_t>(
      std::count_if(answer.links.begin(), answer.links.end(), [](const auto& link) { return link.linked; }));
  std::printf("%s  %s  %s%s%s%s\n", record.ToString().c_str(), std::string(OutcomeText(answer)).c_str(),
              answer.person.ToString().c_str(), Counted(linked, "linked").c_str(),
              Counted(answer.links.size() - linked, "to review").c_str(),
              Counted(answer.findings.size(), "findings").c_str());
  if (details) PrintDetails(answer);
}

}  // namespace nayose
