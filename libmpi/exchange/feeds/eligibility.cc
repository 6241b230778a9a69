// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/eligibility.h"

#include <optional>
#include <string>
#include <utility>

#include "libmpi/exchange/feeds/document_feed.h"

namespace libmpi {
namespace {

constexpr std::string_view kResult = "ResultOfQualificationConfirmation";

StatedName NameOf(XmlNode result, std::string_view full, std::string_view kana) {
  StatedName name;
  name.full = result.ChildText(full);
  name.full_kana = result.ChildText(kana);
  return name;
}

std::string SexOf(XmlNode result, std::string_view field) {
  std::string sex = result.ChildText(field);
  return sex == "3" ? "" : sex;
}

StatedCoverage CardOf(XmlNode result) {
  return {result.ChildText("InsurerNumber"), result.ChildText("InsuredCardSymbol"),
          result.ChildText("InsuredIdentificationNumber"), result.ChildText("InsuredBranchNumber")};
}

void ReadPublicExpenses(XmlNode node, Record* record) {
  AddCoverage({node.ChildText("PublicExpenseNumber"), "", node.ChildText("BeneficiaryNumber"), ""}, record);
  for (XmlNode child = node.First(); child; child = child.Next())
    if (child.First()) ReadPublicExpenses(child, record);
}

void ReadResult(XmlNode result, Record* record) {
  AddName(NameOf(result, "Name", "NameKana"), record);
  AddName(NameOf(result, "NameOfOther", "NameOfOtherKana"), record);
  AddSex(SexOf(result, "Sex1"), record);
  AddSex(SexOf(result, "Sex2"), record);
  AddBirth(result.ChildText("Birthdate"), record);
  StatedAddress address;
  address.postal_code = result.ChildText("PostNumber");
  address.full = result.ChildText("Address");
  AddAddress(std::move(address), record);
  AddCoverage(CardOf(result), record);
  ReadPublicExpenses(result, record);
}

// A patient whose further results may follow.
struct Patient {
  FeedRecord stated;
  std::string who;  // what a further result must say as well
};

std::string WhoOf(XmlNode result, std::string_view reference) {
  std::string who(reference);
  for (const std::string_view field : {"Name", "NameKana", "Birthdate"}) who += '\n' + result.ChildText(field);
  return who;
}

bool IsOfOnePatient(XmlNode unit) {
  const XmlNode first = unit.Child(kResult);
  bool same = static_cast<bool>(first);
  const std::string who = same ? WhoOf(first, "") : "";
  unit.ForEach(kResult, [&](XmlNode result) { same = same && WhoOf(result, "") == who; });
  return same;
}

class EligibilityParser final : public DocumentFeed {
 public:
  EligibilityParser(const FeedOptions& options, FeedSink* sink) : DocumentFeed(options, false, sink) {}

 private:
  absl::Status Read(XmlNode root) override {
    bool is_known = false;
    for (XmlNode document = root.First(); document; document = document.Next()) {
      has_result_ = false;
      source_ = SourceOf(document.Find("MessageHeader").ChildText("MedicalInstitutionCode"));
      ReadUnit(document, {});
      if (document.name() == "XmlMsg" || has_result_) is_known = true;
      if (!has_result_) sink().Note({0, "", "an answer has no result"});
    }
    if (!is_known) return absl::InvalidArgumentError("it is no answer about who is insured (XmlMsg)");
    return absl::OkStatus();
  }

  // `unit` holds results, or units. A list's reference number may stand beside the list.
  void ReadUnit(XmlNode unit, XmlNode outside) {
    std::string reference;
    if (IsOfOnePatient(unit)) {
      reference = unit.ChildText("ReferenceNumber");
      if (reference.empty() && unit.name() == "ResultList") reference = outside.ChildText("ReferenceNumber");
    }
    std::optional<Patient> patient;
    for (XmlNode child = unit.First(); child; child = child.Next()) {
      if (child.name() != kResult) {
        if (child.First()) ReadUnit(child, unit);
        continue;
      }
      const std::string own = child.ChildText("ReferenceNumber");
      TakeResult(child, own.empty() ? reference : own, &patient);
    }
    GivePatient(&patient);
  }

  void TakeResult(XmlNode result, const std::string& reference, std::optional<Patient>* patient) {
    has_result_ = true;
    std::string who = WhoOf(result, reference);
    if (*patient && (*patient)->who != who) GivePatient(patient);
    if (!*patient) {
      *patient = Patient{NextPatient(), std::move(who)};
      (*patient)->stated.record.key = {source_, reference};
    }
    ReadResult(result, &(*patient)->stated.record);
  }

  void GivePatient(std::optional<Patient>* patient) {
    if (!*patient) return;
    if ((*patient)->stated.record.key.record_id.empty())
      GiveByCard(std::move((*patient)->stated));
    else
      Give(std::move((*patient)->stated));
    patient->reset();
  }

  std::string source_;  // of the document
  bool has_result_ = false;
};

}  // namespace

std::unique_ptr<FeedParser> NewEligibilityParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<EligibilityParser>(options, sink);
}

}  // namespace libmpi
