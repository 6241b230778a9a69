// SPDX-License-Identifier: Apache-2.0
// The steward's desk by libmpi_network_call: for a web page or another workbench than nayose review.
#include <utility>

#include "bindings/c/network_verbs.h"
#include "libmpi/network/network_json.h"
#include "libmpi/network/review_desk.h"
#include "libmpi/record/iso_date.h"

namespace libmpi::c {
namespace {

Json SideJson(const CaseSide& side) {
  Json json = {{"person", side.person.ToString()}, {"records", Json::array()}, {"left_out", side.left_out}};
  for (const StatedRecord& record : side.records) json["records"].push_back(RecordJson(record.record));
  return json;
}

Json VoicesJson(const std::vector<Voice>& voices) {
  Json json = Json::array();
  for (const Voice& voice : voices)
    json.push_back({{"actor", voice.actor},
                    {"time", UtcText(voice.unix_milliseconds)},
                    {"verdict", std::string(VerdictName(voice.verdict))}});
  return json;
}

Json CaseJson(const ReviewCase& c) {
  Json json = {{"a", KeyJson(c.of.a)}};
  if (!c.of.is_held()) {
    json["b"] = KeyJson(c.of.b);
    json["reason"] = std::string(ReviewReasonName(c.reason));
    json["weight"] = c.why.weight;
    json["priority"] = c.priority;
  }
  json["since"] = IsoDateText(c.since);
  json["assignee"] = c.assignee;
  json["seen"] = {{"a", c.seen.a}, {"b", c.seen.b}};
  json["left"] = SideJson(c.a);
  json["right"] = SideJson(c.b);
  json["proposals"] = VoicesJson(c.voices);
  json["void_proposals"] = VoicesJson(c.void_voices);
  json["disputed"] = c.disputed;
  json["notes"] = Json::array();
  for (const CaseNote& note : c.notes)
    json["notes"].push_back(
        {{"actor", note.actor}, {"time", UtcText(note.unix_milliseconds)}, {"text", note.text}});
  return json;
}

// "a" and, but for a held revision, "b".
absl::StatusOr<CaseKey> CaseOf(const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey a, told.Identifier("a"));
  if (!told.Has("b")) return CaseOfHeld(a);
  LIBMPI_ASSIGN_OR_RETURN(const RecordKey b, told.Identifier("b"));
  return CaseOfPair(a, b);
}

absl::StatusOr<Verdict> VerdictOf(const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const std::string name, told.Text("verdict", ""));
  for (const Verdict verdict : {Verdict::kSame, Verdict::kDifferent, Verdict::kRefuse})
    if (name == VerdictName(verdict)) return verdict;
  return absl::InvalidArgumentError("\"verdict\" must be same, different or refuse");
}

absl::StatusOr<SeenRevisions> SeenOf(const Told& told) {
  if (!told.Has("seen")) return SeenRevisions();
  LIBMPI_ASSIGN_OR_RETURN(const nlohmann::json json, told.Object("seen"));
  const Told seen(json.dump());
  SeenRevisions revisions;
  LIBMPI_ASSIGN_OR_RETURN(revisions.a, seen.Number("a", 0));
  LIBMPI_ASSIGN_OR_RETURN(revisions.b, seen.Number("b", 0));
  return revisions;
}

Lines Cases(const RegistryDoor& door, const Told& told) {
  CaseOptions options;
  LIBMPI_ASSIGN_OR_RETURN(options.most, told.Number("most", options.most));
  LIBMPI_ASSIGN_OR_RETURN(options.held_first, told.YesNo("held_first"));
  LIBMPI_ASSIGN_OR_RETURN(options.all, told.YesNo("all"));
  LIBMPI_ASSIGN_OR_RETURN(const ReviewCases cases, door.network()->Cases(options, door.who()));
  std::vector<std::string> lines;
  for (const ReviewCase& c : cases.cases) lines.push_back(JsonLine(CaseJson(c)));
  return lines;
}

Lines Judge(const RegistryDoor& door, const Told& told) {
  Judgement judgement;
  LIBMPI_ASSIGN_OR_RETURN(judgement.of, CaseOf(told));
  LIBMPI_ASSIGN_OR_RETURN(judgement.verdict, VerdictOf(told));
  LIBMPI_ASSIGN_OR_RETURN(judgement.note, told.Text("note", ""));
  LIBMPI_ASSIGN_OR_RETURN(judgement.seen, SeenOf(told));
  LIBMPI_ASSIGN_OR_RETURN(judgement.assignee, told.Text("assignee", ""));
  LIBMPI_ASSIGN_OR_RETURN(const JudgeAnswer answer, door.network()->Judge(judgement, door.who()));
  return OneLine({{"outcome", std::string(DeskActName(answer.outcome))}, {"event", answer.change.event}});
}

Lines Undo(const RegistryDoor& door, const Told&) {
  LIBMPI_ASSIGN_OR_RETURN(const UndoAnswer answer, door.network()->Undo(door.who()));
  constexpr const char* kNames[] = {"undone", "replaced", "impossible"};
  return OneLine({{"outcome", kNames[static_cast<size_t>(answer.outcome)]}, {"event", answer.change.event}});
}

Lines Note(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const CaseKey of, CaseOf(told));
  LIBMPI_ASSIGN_OR_RETURN(const std::string text, told.Text("text", ""));
  LIBMPI_RETURN_IF_ERROR(door.network()->AddNote(of, text, door.who()));
  return std::vector<std::string>();
}

Lines SetFourEyes(const RegistryDoor& door, const Told& told) {
  LIBMPI_ASSIGN_OR_RETURN(const bool on, told.YesNo("on"));
  LIBMPI_RETURN_IF_ERROR(door.network()->SetFourEyes(on, door.who()));
  return std::vector<std::string>();
}

constexpr OfficeVerb kVerbs[] = {
    {"cases", Cases}, {"judge", Judge}, {"undo", Undo}, {"note", Note}, {"set_four_eyes", SetFourEyes}};

}  // namespace

std::span<const OfficeVerb> DeskVerbs() { return kVerbs; }

}  // namespace libmpi::c
