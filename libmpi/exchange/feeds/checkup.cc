// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/checkup.h"

#include <string>
#include <utility>

#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

// 1.2.392.200119.6 is what the ministry's specifications of checkups number their ids under; .51 of it is a patient's
// number at an institution, as JP Core once had it.
constexpr std::string_view kCheckupRoot = "1.2.392.200119.6.";
constexpr std::string_view kLocalRoot = "1.2.392.200119.6.51";
constexpr std::string_view kInsurer = "101", kInstitution = "102", kSymbol = "204", kNumber = "205", kBranch = "211";
constexpr std::string_view kOddSymbol = "208", kOddNumber = "209", kOddBranch = "210";
constexpr std::string_view kTicket = "209.";  // and the insurer, or who else gave it out

// What the ids of a patient say.
struct Ids {
  StatedCoverage card, odd_card;
  std::string local, ticket;
};

void ReadId(XmlNode id, Ids* ids) {
  const std::string root = id.Attribute("root");
  std::string value = id.Attribute("extension");
  if (value.empty()) return;
  const auto set = [&](std::string* to) {
    if (to->empty()) *to = std::move(value);
  };
  if (!root.starts_with(kCheckupRoot) || root.starts_with(kLocalRoot)) return set(&ids->local);
  const std::string_view kind = std::string_view(root).substr(kCheckupRoot.size());
  if (kind == kInsurer) set(&ids->card.insurer);
  if (kind == kSymbol) set(&ids->card.symbol);
  if (kind == kNumber) set(&ids->card.number);
  if (kind == kBranch) set(&ids->card.branch);
  if (kind == kOddSymbol) set(&ids->odd_card.symbol);
  if (kind == kOddNumber) set(&ids->odd_card.number);
  if (kind == kOddBranch) set(&ids->odd_card.branch);
  if (kind.starts_with(kTicket)) set(&ids->ticket);
}

StatedName NameOf(XmlNode node) {
  const std::string use = node.Attribute("use");
  std::string text = node.Text(), family = node.ChildText("family"), given = node.ChildText("given");
  const auto is_used_as = [&](std::string_view form) { return use.find(form) != std::string::npos; };
  StatedName name;
  if (is_used_as("ABC")) {
    name.latin = text.empty() ? family + (family.empty() || given.empty() ? "" : " ") + given : std::move(text);
    return name;
  }
  const bool is_said = is_used_as("SYL") || is_used_as("IDE");
  if (!is_said && family.empty() && given.empty()) return NameByScript(std::move(text));
  const bool kana = is_said ? is_used_as("SYL") : ScriptOf(text + family + given) == Script::kKana;
  (kana ? name.full_kana : name.full) = std::move(text);
  (kana ? name.family_kana : name.family) = std::move(family);
  (kana ? name.given_kana : name.given) = std::move(given);
  return name;
}

StatedAddress AddressOf(XmlNode node) {
  StatedAddress address;
  address.postal_code = node.ChildText("postalCode");
  address.prefecture = node.ChildText("state");
  address.city = node.ChildText("city");
  address.street = node.ChildText("streetAddressLine");
  address.full = node.Text();
  return address;
}

// "tel:03-..."; a mail address or a fax is none.
std::string PhoneOf(XmlNode telecom) {
  const std::string value = telecom.Attribute("value");
  const size_t colon = value.find(':');
  if (colon == std::string::npos) return value;
  return value.starts_with("tel:") ? value.substr(colon + 1) : "";
}

void ReadPatient(XmlNode role, Record* record) {
  const XmlNode patient = role.Child("patient");
  patient.ForEach("name", [&](XmlNode name) { AddName(NameOf(name), record); });
  AddSex(patient.Child("administrativeGenderCode").Attribute("code"), record);
  AddBirth(hl7v2::BirthOf(patient.Child("birthTime").Attribute("value")), record);
  role.ForEach("addr", [&](XmlNode address) { AddAddress(AddressOf(address), record); });
  role.ForEach("telecom", [&](XmlNode telecom) { AddPhone(PhoneOf(telecom), record); });
}

std::string InstitutionOf(XmlNode document) {
  std::string code;
  document.Find("author").Find("representedOrganization").ForEach("id", [&](XmlNode id) {
    const std::string root = id.Attribute("root");
    if (root == std::string(kCheckupRoot).append(kInstitution)) code = id.Attribute("extension");
  });
  return code;
}

// The ticket stands beside the patient, as a participant.
std::string TicketOf(XmlNode document) {
  Ids ids;
  document.ForEach("participant", [&](XmlNode participant) {
    participant.ForEachWithin("id", [&](XmlNode id) { ReadId(id, &ids); });
  });
  return ids.ticket;
}

class CheckupParser final : public DocumentFeed {
 public:
  CheckupParser(const FeedOptions& options, FeedSink* sink) : DocumentFeed(options, false, sink) {}

 private:
  absl::Status Read(XmlNode root) override {
    bool is_known = false;
    for (XmlNode document = root.First(); document; document = document.Next()) {
      is_known |= document.name() == "ClinicalDocument";
      if (document.name() == "ClinicalDocument") ReadDocument(document);
    }
    if (!is_known) return absl::InvalidArgumentError("it is no CDA document (ClinicalDocument)");
    return absl::OkStatus();
  }

  void ReadDocument(XmlNode document) {
    const std::string source = SourceOf(InstitutionOf(document)), ticket = TicketOf(document);
    bool any = false;
    document.ForEach("recordTarget", [&](XmlNode target) {
      target.ForEach("patientRole", [&](XmlNode role) {
        any = true;
        GivePatient(source, ticket, role);
      });
    });
    if (!any) sink().Refuse({NextPatient().line, "", "the document names no patient (patientRole)"});
  }

  void GivePatient(const std::string& source, const std::string& ticket, XmlNode role) {
    FeedRecord patient = NextPatient();
    Ids ids;
    role.ForEach("id", [&](XmlNode id) { ReadId(id, &ids); });
    if (ids.card.number.empty() && !ids.odd_card.number.empty()) {
      sink().Note({patient.line, "number", "symbol, number and branch stand under the ids of tickets: they are taken"});
      ids.odd_card.insurer = std::move(ids.card.insurer);
      ids.card = std::move(ids.odd_card);
    }
    ReadPatient(role, &patient.record);
    AddCoverage(ids.card, &patient.record);
    if (ids.ticket.empty()) ids.ticket = ticket;
    patient.record.key = {source, std::move(ids.local)};
    if (patient.record.key.record_id.empty() && ids.card.number.empty() && !ids.ticket.empty()) {
      sink().Note(
          {patient.line, "record_id", "the patient has neither number nor card: the ticket's number stands for it"});
      patient.record.key.record_id = std::move(ids.ticket);
    }
    if (patient.record.key.record_id.empty())
      GiveByCard(std::move(patient));
    else
      Give(std::move(patient));
  }
};

}  // namespace

std::unique_ptr<FeedParser> NewCheckupParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<CheckupParser>(options, sink);
}

}  // namespace libmpi
