// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/orca_writer.h"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/carried.h"
#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/feeds/xml_builder.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

constexpr size_t kPatientsPerFile = 500, kPhones = 2;

// A public expense has nothing but its two numbers; what has more is written as an insurance.
bool IsWrittenAsPublicExpense(const StatedCoverage& card) {
  return IsPublicExpense(card) && card.symbol.empty() && card.branch.empty();
}

class OrcaWriter final : public FeedWriter {
 public:
  explicit OrcaWriter(const FeedWriterOptions& options) : options_(options) {}

  absl::Status Add(const Record& record) override {
    if (!xml_) LIBMPI_RETURN_IF_ERROR(Begin());
    AddPatient(OrcaAsCarried(record));
    return ++patients_ == kPatientsPerFile ? End() : absl::OkStatus();
  }

  absl::Status End() override {
    if (!xml_) return absl::OkStatus();
    xml_->Close();
    xml_->Close();
    xml_->Close();
    char name[40];
    std::snprintf(name, sizeof name, "patientlst2v2_%06u.xml", ++files_);
    FeedFile file{name, xml_->Take()};
    xml_.reset();
    patients_ = 0;
    return options_.take(std::move(file));
  }

 private:
  absl::Status Begin() {
    LIBMPI_ASSIGN_OR_RETURN(const Charset charset, WriterCharset(options_.encoding));
    xml_.emplace(charset);
    xml_->Open("xmlio2");
    xml_->Open("patientlst2res", {{"type", "record"}});
    Say("Information_Date", IsoDateText(options_.day));
    Say("Api_Result", "00");
    List("Patient_Information");
    return absl::OkStatus();
  }

  void Say(std::string_view name, std::string_view text) {
    if (!text.empty()) xml_->Add(name, text, {{"type", "string"}});
  }
  void Object(std::string_view name) { xml_->Open(name, {{"type", "record"}}); }
  void List(std::string_view name) { xml_->Open(name, {{"type", "array"}}); }

  void AddPatient(const Record& record) {
    Object("Patient_Information_child");
    Say("Patient_ID", record.key.record_id);
    if (!record.names.empty()) {
      Say("WholeName", record.names[0].full);
      Say("WholeName_inKana", record.names[0].full_kana);
    }
    if (!record.births.empty()) Say("BirthDate", record.births[0]);
    if (!record.sexes.empty()) Say("Sex", record.sexes[0]);
    AddHome(record);
    Say("TestPatient_Flag", "0");
    AddInsurances(record);
    AddCare(record);
    xml_->Close();
  }

  void AddHome(const Record& record) {
    if (record.addresses.empty() && record.phones.empty()) return;
    Object("Home_Address_Information");
    if (!record.addresses.empty()) {
      Say("Address_ZipCode", record.addresses[0].postal_code);
      Say("WholeAddress1", record.addresses[0].full);
    }
    for (size_t i = 0; i < record.phones.size(); ++i) Say(i == 0 ? "PhoneNumber1" : "PhoneNumber2", record.phones[i]);
    xml_->Close();
  }

  // Public expenses stand in a combination of their own.
  void AddInsurances(const Record& record) {
    if (record.coverages.empty()) return;
    List("HealthInsurance_Information");
    for (const StatedCoverage& card : record.coverages) {
      Object("HealthInsurance_Information_child");
      if (IsWrittenAsPublicExpense(card)) {
        List("PublicInsurance_Information");
        Object("PublicInsurance_Information_child");
        Say("PublicInsurer_Number", card.insurer);
        Say("PublicInsuredPerson_Number", card.number);
        xml_->Close();
        xml_->Close();
      } else {
        Say("InsuranceProvider_Number", card.insurer);
        Say("HealthInsuredPerson_Symbol", card.symbol);
        Say("HealthInsuredPerson_Number", card.number);
        Say("HealthInsuredPerson_Branch_Number", card.branch);
      }
      xml_->Close();
    }
    // As ORCA fills up its lists.
    xml_->Add("HealthInsurance_Information_child", "", {{"type", "record"}});
    xml_->Close();
  }

  void AddCare(const Record& record) {
    if (record.care.empty()) return;
    Object("Care_Information");
    List("Insurance");
    for (const StatedCareInsurance& care : record.care) {
      Object("Insurance_child");
      Say("InsuranceProvider_Number", care.insurer);
      Say("HealthInsuredPerson_Number", care.number);
      xml_->Close();
    }
    xml_->Close();
    xml_->Close();
  }

  const FeedWriterOptions options_;
  std::optional<XmlBuilder> xml_;  // of the file that is being written
  size_t patients_ = 0;            // in it
  unsigned files_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewOrcaWriter(const FeedWriterOptions& options) {
  return std::make_unique<OrcaWriter>(options);
}

Record OrcaAsCarried(const Record& record) {
  Record out = CarriedPerson(record, "-");
  for (const std::string& said : record.phones) {
    std::string phone = CleanText(said);
    if (!phone.empty() && out.phones.size() < kPhones) out.phones.push_back(std::move(phone));
  }
  for (const StatedCoverage& said : record.coverages) AddCoverage(CarriedCoverage(said), &out);
  for (const StatedCareInsurance& said : record.care) {
    StatedCareInsurance care{CleanText(said.insurer), CleanText(said.number)};
    if (care != StatedCareInsurance()) out.care.push_back(std::move(care));
  }
  out.Normalize();
  return out;
}

}  // namespace libmpi
