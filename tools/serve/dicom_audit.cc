// SPDX-License-Identifier: Apache-2.0
#include "tools/serve/dicom_audit.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <pugixml.hpp>

#include "libmpi/base/status_macros.h"
#include "libmpi/base/system_time.h"
#include "libmpi/text/charset.h"

namespace nayose {
namespace {

using libmpi::AuditEntry;
using libmpi::Operation;
using libmpi::RecordKey;

struct Code {
  std::string_view code, system, text;
};

constexpr Code Dcm(const char* code, const char* text) { return {code, "DCM", text}; }

constexpr Code kAuditLogUsed = Dcm("110101", "Audit Log Used");
constexpr Code kExport = Dcm("110106", "Export");
constexpr Code kPatientRecord = Dcm("110110", "Patient Record");
constexpr Code kQuery = Dcm("110112", "Query");
constexpr Code kSecurityAlert = Dcm("110113", "Security Alert");
constexpr Code kSource = Dcm("110153", "Source Role ID");
constexpr Code kDestination = Dcm("110152", "Destination Role ID");

struct Event {
  Code id;
  const char* action;  // C, R, U, D, E
};

bool OnlyLooks(const std::string& action) {
  static const std::set<std::string> kLooks = {"cases", "held_revisions", "review", "statistics"};
  return kLooks.contains(action);
}

Event EventOf(const AuditEntry& entry, bool made_record) {
  if (entry.by.transaction == "ITI-10") return {kPatientRecord, "R"};
  switch (entry.operation) {
    case Operation::kFeed:
      if (entry.action == "retire") return {kPatientRecord, "D"};
      return {kPatientRecord, made_record ? "C" : "U"};
    case Operation::kReview: return OnlyLooks(entry.action) ? Event{kQuery, "E"} : Event{kPatientRecord, "U"};
    case Operation::kTakeConsent: return {kPatientRecord, "U"};
    case Operation::kErase: return {kPatientRecord, entry.action == "erase_due_dry_run" ? "R" : "D"};
    case Operation::kRead:
    case Operation::kReadConsent: return {kPatientRecord, "R"};
    case Operation::kReadAudit: return {kAuditLogUsed, "R"};
    case Operation::kExport:
    case Operation::kPseudonymize: return {kExport, "R"};
    case Operation::kAdminister:
    case Operation::kReidentify: return {kSecurityAlert, "E"};
    case Operation::kFind:
    case Operation::kSearch:
    case Operation::kExplain:
    case Operation::kFollow:
    case Operation::kReport: break;
  }
  return {kQuery, "E"};
}

// What was called: the IHE transaction, else in the network's own words.
Code CalledOf(const AuditEntry& entry) {
  static const std::map<std::string_view, std::string_view> kTransactions = {{"ITI-8", "Patient Identity Feed"},
                                                                             {"ITI-9", "PIX Query"},
                                                                             {"ITI-10", "PIX Update Notification"},
                                                                             {"ITI-21", "Patient Demographics Query"},
                                                                             {"ITI-30", "Patient Identity Management"}};
  const std::string& transaction = entry.by.transaction;
  if (transaction.empty()) return {entry.action, "nayose", entry.action};
  const auto known = kTransactions.find(transaction);
  return {transaction, "IHE Transactions",
          known != kTransactions.end() ? known->second : std::string_view(transaction)};
}

Code PurposeCodeOf(libmpi::Purpose purpose) {
  using libmpi::Purpose;
  const std::string_view name = libmpi::PurposeName(purpose);
  std::string_view hl7;
  switch (purpose) {
    case Purpose::kTreatment: hl7 = "TREAT"; break;
    case Purpose::kEmergency: hl7 = "ETREAT"; break;
    case Purpose::kRegistration: hl7 = "PATADMIN"; break;
    case Purpose::kOperations: hl7 = "HOPERAT"; break;
    case Purpose::kResearch: hl7 = "HRESCH"; break;
    case Purpose::kPatientRequest: hl7 = "PATRQT"; break;
    case Purpose::kStewardship:
    case Purpose::kAudit: break;
  }
  // HL7's value set PurposeOfUse; the network's own where it has none.
  return !hl7.empty() ? Code{hl7, "2.16.840.1.113883.1.11.20448", name} : Code{name, "nayose", name};
}

std::vector<Code> TypesOf(const AuditEntry& entry) {
  std::vector<Code> types = {CalledOf(entry)};
  if (entry.operation == Operation::kAdminister) types.push_back(Dcm("110129", "Security Configuration"));
  if (entry.operation == Operation::kReidentify) types.push_back(Dcm("110132", "Use of Restricted Function"));
  if (entry.beyond_consent) types.push_back(Dcm("110127", "Emergency Override Started"));
  types.push_back(PurposeCodeOf(entry.by.purpose));
  return types;
}

const char* OutcomeOf(const AuditEntry& entry) {
  switch (entry.outcome) {
    case libmpi::AuditOutcome::kDone: break;
    case libmpi::AuditOutcome::kFailed: return "4";   // minor failure
    case libmpi::AuditOutcome::kRefused: return "8";  // serious failure: it was not done
  }
  return "0";
}

std::string Base64Of(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

// What others chose, without what no XML document may have, and without ends of lines.
std::string XmlText(std::string_view from) {
  const std::string text = libmpi::DecodeText(from, libmpi::Charset::kUtf8).utf8;
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string clean;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view three = std::string_view(text).substr(i, 3);
    const bool no_character = three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf";
    const bool control = static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f;
    if (no_character) i += 2;
    if (control || no_character) clean += kReplacement;
    else clean += text[i];
  }
  return clean;
}

// An identifier's value as a component of HL7.
std::string Hl7Component(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const size_t at = std::string_view("|^&~\\").find(c);
    if (at == std::string_view::npos) escaped += c;
    else escaped += std::string("\\") + "FSTRE"[at] + "\\";
  }
  return escaped;
}

class Message {
 public:
  Message(const AuditEntry& entry, const DicomAuditOptions& options) : entry_(entry), options_(options) {}

  std::string Write(bool made_record) {
    const Event event = EventOf(entry_, made_record);
    AddEvent(event);
    if (entry_.by.transaction.empty()) AddOffice();
    else AddSystems();
    pugi::xml_node source = root_.append_child("AuditSourceIdentification");
    Set(&source, "AuditSourceID", options_.host);
    Set(&source, "AuditEnterpriseSiteID", "nayose");
    pugi::xml_node type = source.append_child("AuditSourceTypeCode");
    Set(&type, "csd-code", "4");  // an application server
    for (const std::pair<std::string, std::string>& patient : Patients()) AddPatient(patient, event);
    if (event.id.code == kQuery.code) AddQuery();
    if (event.id.code == kAuditLogUsed.code) AddTrail();
    return Line();
  }

 private:
  static void Set(pugi::xml_node* node, const char* name, std::string_view value) {
    node->append_attribute(name).set_value(XmlText(value).c_str());
  }
  static void AddCode(pugi::xml_node parent, const char* name, const Code& code) {
    pugi::xml_node node = parent.append_child(name);
    Set(&node, "csd-code", code.code);
    Set(&node, "codeSystemName", code.system);
    Set(&node, "originalText", code.text);
  }
  static void AddText(pugi::xml_node parent, const char* name, std::string_view text) {
    parent.append_child(name).text().set(XmlText(text).c_str());
  }
  void AddEvent(const Event& event);
  // Who speaks to whom, system to system.
  void AddSystems();
  // A person or program of the network or of a facility, straight at the
  // registry.
  void AddOffice();
  pugi::xml_node AddParticipant(const std::string& user, const std::string& other, bool requests, const Code& role);
  void SetPlace(pugi::xml_node participant, const std::string& place, const char* type);
  std::vector<std::pair<std::string, std::string>> Patients() const;
  pugi::xml_node AddObject(const std::string& id, const char* type, const char* role, const Code& kind);
  void AddPatient(const std::pair<std::string, std::string>& patient, const Event& event);
  void AddQuery();
  void AddTrail();
  void AddRequest(pugi::xml_node object);
  std::string Line() const;

  const AuditEntry& entry_;
  const DicomAuditOptions& options_;
  pugi::xml_document document_;
  pugi::xml_node root_ = document_.append_child("AuditMessage");
};

void Message::AddEvent(const Event& event) {
  pugi::xml_node node = root_.append_child("EventIdentification");
  Set(&node, "EventActionCode", event.action);
  Set(&node, "EventDateTime", libmpi::UtcText(entry_.unix_milliseconds));
  Set(&node, "EventOutcomeIndicator", OutcomeOf(entry_));
  AddCode(node, "EventID", event.id);
  for (const Code& type : TypesOf(entry_)) AddCode(node, "EventTypeCode", type);
  if (entry_.outcome == libmpi::AuditOutcome::kDone) return;
  AddText(node, "EventOutcomeDescription",
          std::string(libmpi::AuditOutcomeName(entry_.outcome)) + (entry_.detail.empty() ? "" : ": ") + entry_.detail);
}

pugi::xml_node Message::AddParticipant(const std::string& user, const std::string& other, bool requests,
                                       const Code& role) {
  pugi::xml_node node = root_.append_child("ActiveParticipant");
  Set(&node, "UserID", user);
  if (!other.empty()) Set(&node, "AlternativeUserID", other);
  Set(&node, "UserIsRequestor", requests ? "true" : "false");
  AddCode(node, "RoleIDCode", role);
  return node;
}

void Message::SetPlace(pugi::xml_node participant, const std::string& place, const char* type) {
  if (place.empty()) return;
  Set(&participant, "NetworkAccessPointID", place);
  Set(&participant, "NetworkAccessPointTypeCode", type);
}

void Message::AddSystems() {
  // A notification goes from here to them.
  const bool we_speak = entry_.by.transaction == "ITI-10";
  const auto add_other = [&] {
    SetPlace(AddParticipant(entry_.by.facility + "|" + entry_.by.application, entry_.by.actor, !we_speak,
                            we_speak ? kDestination : kSource),
             entry_.by.peer, "2");
  };
  if (!we_speak) add_other();
  SetPlace(AddParticipant(options_.server, "nayose", we_speak, we_speak ? kSource : kDestination), options_.host, "1");
  if (we_speak) add_other();
}

void Message::AddOffice() {
  const std::string_view profession = libmpi::ProfessionName(entry_.by.profession);
  AddParticipant(entry_.by.actor, entry_.by.facility, true, {profession, "nayose", profession});
  const std::string& program = entry_.by.application;
  SetPlace(AddParticipant(program.empty() ? options_.server : program, "nayose", false, Dcm("110150", "Application")),
           options_.host, "1");
}

// Each once: as HL7 writes it (CX), and as the network does.
std::vector<std::pair<std::string, std::string>> Message::Patients() const {
  std::vector<std::pair<std::string, std::string>> patients;
  const auto add = [&](const RecordKey& key) {
    const auto oid = options_.oids.find(key.source);
    const bool known = oid != options_.oids.end() && !oid->second.empty();
    const std::string cx = Hl7Component(key.record_id) + "^^^" +
                           (known ? "&" + Hl7Component(oid->second) + "&ISO" : Hl7Component(key.source));
    if (std::ranges::none_of(patients, [&](const auto& patient) { return patient.first == cx; }))
      patients.emplace_back(cx, RecordKey{key.source, key.record_id, 0}.ToString());
  };
  for (const RecordKey& key : entry_.asked) add(key);
  // Of a feed the others are not told of: they are whom it was linked with.
  if (entry_.operation != Operation::kFeed || entry_.asked.empty())
    for (const RecordKey& key : entry_.told) add(key);
  return patients;
}

// The schema wants a name or a query of every object; of a patient the name is
// the identifier once more.
pugi::xml_node Message::AddObject(const std::string& id, const char* type, const char* role, const Code& kind) {
  pugi::xml_node node = root_.append_child("ParticipantObjectIdentification");
  Set(&node, "ParticipantObjectID", id);
  Set(&node, "ParticipantObjectTypeCode", type);
  Set(&node, "ParticipantObjectTypeCodeRole", role);
  AddCode(node, "ParticipantObjectIDTypeCode", kind);
  return node;
}

void Message::AddPatient(const std::pair<std::string, std::string>& patient, const Event& event) {
  pugi::xml_node node = AddObject(patient.first, "1", "1", {"2", "RFC-3881", "Patient Number"});
  AddText(node, "ParticipantObjectName", patient.second);
  if (event.id.code == kPatientRecord.code) AddRequest(node);
}

// What was asked is not kept, only its number.
void Message::AddQuery() {
  const std::string id = entry_.by.request.empty() ? "entry-" + std::to_string(entry_.number) : entry_.by.request;
  pugi::xml_node node = AddObject(id, "2", "24", CalledOf(entry_));
  AddText(node, "ParticipantObjectQuery", Base64Of(id));
  AddRequest(node);
}

void Message::AddTrail() {
  pugi::xml_node node = AddObject("urn:nayose:audit-trail", "2", "13", {"12", "RFC-3881", "URI"});
  AddText(node, "ParticipantObjectName", "Security Audit Log");
}

void Message::AddRequest(pugi::xml_node object) {
  if (entry_.by.request.empty()) return;
  pugi::xml_node node = object.append_child("ParticipantObjectDetail");
  Set(&node, "type", "MSH-10");
  Set(&node, "value", Base64Of(entry_.by.request));
}

class StringWriter : public pugi::xml_writer {
 public:
  void write(const void* data, size_t size) override { text.append(static_cast<const char*>(data), size); }
  std::string text;
};

std::string Message::Line() const {
  StringWriter writer;
  writer.text = R"(<?xml version="1.0" encoding="UTF-8"?>)";
  document_.save(writer, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(writer.text);
}

std::string HostName() {
  char name[256] = {};
  if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == 0) return "localhost";
  return name;
}

}  // namespace

absl::StatusOr<DicomAuditOptions> DicomAuditOptionsOf(const libmpi::Registry& registry, std::string server) {
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<libmpi::AssigningAuthority> authorities, registry.Authorities());
  DicomAuditOptions options;
  options.host = HostName();
  options.server = std::move(server);
  for (const libmpi::AssigningAuthority& authority : authorities) options.oids[authority.name] = authority.oid;
  return options;
}

std::string DicomAuditMessage(const AuditEntry& entry, bool made_record, const DicomAuditOptions& options) {
  return Message(entry, options).Write(made_record);
}

absl::StatusOr<bool> MadeRecord(const AuditEntry& entry, const libmpi::Registry& registry) {
  if (entry.event == 0 || entry.action != "put" || entry.asked.empty()) return false;
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<libmpi::HistoryEvent> events, registry.History(entry.event, 1));
  if (events.empty() || events[0].number != entry.event) return false;
  return std::ranges::any_of(events[0].moves, [&](const libmpi::PersonMove& move) {
    return move.record == entry.asked[0] && !move.before && move.after;
  });
}

std::string SyslogLine(const AuditEntry& entry, const std::string& message, const DicomAuditOptions& options) {
  std::string host;
  for (const char c : options.host) host += c > ' ' && c < 0x7f ? c : '-';
  // 85: security, a notice. The text is UTF-8, which its first character says.
  return "<85>1 " + libmpi::UtcText(entry.unix_milliseconds) + " " + (host.empty() ? "-" : host.substr(0, 255)) +
         " nayose - IHE+RFC-3881 - \xef\xbb\xbf" + message;
}

}  // namespace nayose
