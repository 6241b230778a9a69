// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/orca.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/feeds/mml_modules.h"

namespace libmpi {
namespace {

bool SaysNothing(XmlNode patient) {
  return patient.ChildText("Patient_ID").empty() && patient.ChildText("WholeName").empty() &&
         patient.ChildText("WholeName_inKana").empty() && patient.ChildText("BirthDate").empty();
}

bool SaysNothing(const Record& record) {
  const BasicStatements<std::string>& statements = record;
  return statements == BasicStatements<std::string>();
}

void ReadHome(XmlNode home, Record* record) {
  StatedAddress address;
  address.postal_code = home.ChildText("Address_ZipCode");
  address.full = home.ChildText("WholeAddress1") + home.ChildText("WholeAddress2");
  AddAddress(std::move(address), record);
  AddPhone(home.ChildText("PhoneNumber1"), record);
  AddPhone(home.ChildText("PhoneNumber2"), record);
}

// A combination of an insurance, or none, and public expenses.
void ReadInsurance(XmlNode insurance, Record* record) {
  AddCoverage(
      {insurance.ChildText("InsuranceProvider_Number"), insurance.ChildText("HealthInsuredPerson_Symbol"),
       insurance.ChildText("HealthInsuredPerson_Number"), insurance.ChildText("HealthInsuredPerson_Branch_Number")},
      record);
  insurance.ForEachItem("PublicInsurance_Information", [&](XmlNode item) {
    AddCoverage({item.ChildText("PublicInsurer_Number"), "", item.ChildText("PublicInsuredPerson_Number"), ""}, record);
  });
}

void ReadCare(XmlNode insurance, Record* record) {
  StatedCareInsurance care{insurance.ChildText("InsuranceProvider_Number"),
                           insurance.ChildText("HealthInsuredPerson_Number")};
  if (care != StatedCareInsurance()) record->care.push_back(std::move(care));
}

void ReadPatient(XmlNode patient, Record* record) {
  StatedName name;
  name.full = patient.ChildText("WholeName");
  name.full_kana = patient.ChildText("WholeName_inKana");
  AddName(std::move(name), record);
  AddName(NameByScript(patient.ChildText("NickName")), record);
  AddBirth(patient.ChildText("BirthDate"), record);
  AddSex(patient.ChildText("Sex"), record);
  ReadHome(patient.Child("Home_Address_Information"), record);
  AddPhone(patient.Child("WorkPlace_Information").ChildText("PhoneNumber"), record);
  AddPhone(patient.ChildText("CellularNumber"), record);
  patient.ForEachItem("HealthInsurance_Information", [&](XmlNode insurance) { ReadInsurance(insurance, record); });
  patient.Child("Care_Information").ForEachItem("Insurance", [&](XmlNode insurance) { ReadCare(insurance, record); });
}

// Codes of zeros say that all went well.
bool SaysFailed(XmlNode root) {
  const std::string result = root.Find("Api_Result").Text();
  return result.find_first_not_of('0') != std::string::npos;
}

bool IsMml(XmlNode root) { return root.name() == "Mml" || root.Find("MmlModuleItem") || root.Find("PatientModule"); }

class OrcaParser final : public DocumentFeed {
 public:
  OrcaParser(const FeedOptions& options, FeedSink* sink) : DocumentFeed(options, true, sink) {}

 private:
  absl::Status Read(XmlNode root) override {
    for (XmlNode document = root.First(); document; document = document.Next()) {
      if (IsMml(document))
        ReadMml(document);
      else
        ReadAnswer(document);
    }
    if (!is_known_) return absl::InvalidArgumentError("it is neither an answer of ORCA's API nor an MML document");
    return absl::OkStatus();
  }

  void ReadAnswer(XmlNode document) {
    if (document.name().starts_with("xmlio") || document.Find("Api_Result")) is_known_ = true;
    bool any = false;
    // The document itself may be what would hold the patient.
    const auto read = [&](XmlNode patient) {
      any = true;
      is_known_ = true;
      if (!SaysNothing(patient)) GivePatient(patient);
    };
    ForEachPatient(document, read);
    if (!any && SaysFailed(document))
      sink().Note({0, "", "the answer says that something went wrong, and has no patient"});
  }

  template <typename Visit>
  static void ForEachPatient(XmlNode node, const Visit& visit) {
    node.ForEachItem("Patient_Information", visit);
    for (XmlNode child = node.First(); child; child = child.Next())
      if (child.name() != "Patient_Information") ForEachPatient(child, visit);
  }

  void GivePatient(XmlNode node) {
    FeedRecord patient = NextPatient();
    if (node.ChildText("TestPatient_Flag") == "1")
      return sink().Refuse({patient.line, "", "the facility says that it is a test patient"});
    patient.record.key = {SourceOf(""), node.ChildText("Patient_ID")};
    if (patient.record.key.record_id == "*")
      return sink().Refuse({patient.line, "record_id", "the patient is not registered yet"});
    ReadPatient(node, &patient.record);
    if (SaysNothing(patient.record))
      return sink().Refuse({patient.line, "", "nothing is said of the patient but the number"});
    Give(std::move(patient));
  }

  void ReadMml(XmlNode document) {
    is_known_ = true;
    const XmlNode header = document.Find("MmlHeader");
    source_ = SourceOf(header.Find("Facility").Find("Id").Text());
    header_number_ = header.Child("masterId").Find("Id").Text();
    mml_patient_.reset();
    has_patient_module_ = false;
    bool has_items = false;
    document.ForEachWithin("MmlModuleItem", [&](XmlNode item) {
      has_items = true;
      ReadMmlItem(item.Child("docInfo").Attribute("contentModuleType"), item.Child("content"));
    });
    if (!has_items) ReadMmlItem("", document);
    GiveMmlPatient();
  }

  void ReadMmlItem(std::string_view type, XmlNode content) {
    XmlNode patient = content.name() == "PatientModule" ? content : content.Find("PatientModule");
    if (!patient && type == "patientInfo") patient = content;
    if (patient) ReadMmlPatientModule(patient);
    content.ForEachWithin("HealthInsuranceModule",
                          [&](XmlNode insurance) { ReadMmlInsurance(insurance, &MmlPatient().record); });
  }

  void ReadMmlPatientModule(XmlNode module) {
    std::string number = MmlPatientNumber(module);
    if (number.empty()) number = header_number_;
    if (has_patient_module_ && MmlPatient().record.key.record_id != number) GiveMmlPatient();
    has_patient_module_ = true;
    MmlPatient().record.key.record_id = std::move(number);
    ReadMmlPatient(module, &MmlPatient().record);
  }

  // Modules before the patient's are this patient's as well.
  FeedRecord& MmlPatient() {
    if (!mml_patient_) {
      mml_patient_ = NextPatient();
      mml_patient_->record.key = {source_, header_number_};
    }
    return *mml_patient_;
  }

  // A message without these modules (CLAIM's items alone) says nothing that an index would keep.
  void GiveMmlPatient() {
    if (mml_patient_)
      Give(std::move(*mml_patient_));
    else
      sink().Note({0, "", "a document says nothing of its patient"});
    mml_patient_.reset();
    has_patient_module_ = false;
  }

  bool is_known_ = false;
  std::string source_, header_number_;  // of the MML document
  std::optional<FeedRecord> mml_patient_;
  bool has_patient_module_ = false;
};

}  // namespace

std::unique_ptr<FeedParser> NewOrcaParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<OrcaParser>(options, sink);
}

}  // namespace libmpi
