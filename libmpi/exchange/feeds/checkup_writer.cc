// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/checkup_writer.h"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/carried.h"
#include "libmpi/exchange/feeds/document_feed.h"
#include "libmpi/exchange/feeds/xml_builder.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

constexpr std::string_view kRoot = "1.2.392.200119.6.";

std::string NameOf(const StatedName& name) {
  std::string text = CarriedKanaName(name);
  return text.empty() ? CarriedFullName(name) : text;
}

class CheckupWriter final : public FeedWriter {
 public:
  explicit CheckupWriter(const FeedWriterOptions& options) : options_(options) {}

  absl::Status Add(const Record& record) override {
    if (!xml_) {
      LIBMPI_ASSIGN_OR_RETURN(const Charset charset, WriterCharset(options_.encoding));
      xml_.emplace(charset);
    }
    AddDocument(record);
    char number[16];
    std::snprintf(number, sizeof number, "1%06u", ++files_);
    return options_.take({"DATA/h" + options_.institution + PlainDateText(options_.day) + number + ".xml", xml_->Take()});
  }

  absl::Status End() override { return absl::OkStatus(); }

 private:
  void AddDocument(const Record& record) {
    xml_->Open("ClinicalDocument",
               {{"xmlns", "urn:hl7-org:v3"}, {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"}});
    xml_->Add("typeId", "", {{"root", "2.16.840.1.113883.1.3"}, {"extension", "POCD_HD000040"}});
    xml_->Add("id", "", {{"nullFlavor", "NI"}});
    xml_->Add("code", "", {{"code", "10"}, {"codeSystem", "1.2.392.200119.6.1001"}});
    xml_->Add("effectiveTime", "", {{"value", PlainDateText(options_.day)}});
    AddPatient(CheckupAsCarried(record));
    AddAuthor();
    xml_->Close();
  }

  void AddId(std::string_view root, std::string_view value) {
    if (!value.empty()) xml_->Add("id", "", {{"extension", value}, {"root", root}});
  }
  void AddCheckupId(std::string_view kind, std::string_view value) { AddId(std::string(kRoot).append(kind), value); }

  void AddPatient(const Record& record) {
    xml_->Open("recordTarget");
    xml_->Open("patientRole");
    if (!record.coverages.empty()) {
      const StatedCoverage& card = record.coverages[0];
      AddCheckupId("101", card.insurer);
      AddCheckupId("204", card.symbol);
      AddCheckupId("205", card.number);
      AddCheckupId("211", card.branch);
    }
    AddId("1.2.392.100495.20.3.51.1" + options_.institution, record.key.record_id);
    if (!record.addresses.empty()) AddAddress(record.addresses[0]);
    xml_->Open("patient");
    if (!record.names.empty()) {
      const StatedName& name = record.names[0];
      xml_->Add("name", !name.full_kana.empty() ? name.full_kana : !name.full.empty() ? name.full : name.latin);
    }
    if (!record.sexes.empty())
      xml_->Add("administrativeGenderCode", "", {{"code", record.sexes[0]}, {"codeSystem", "1.2.392.200119.6.1104"}});
    if (!record.births.empty()) xml_->Add("birthTime", "", {{"value", record.births[0]}});
    xml_->Close();
    xml_->Close();
    xml_->Close();
  }

  void AddAddress(const StatedAddress& address) {
    xml_->Open("addr");
    if (!address.full.empty()) xml_->Text(address.full);
    if (!address.postal_code.empty()) xml_->Add("postalCode", address.postal_code);
    xml_->Close();
  }

  void AddAuthor() {
    xml_->Open("author");
    xml_->Add("time", "", {{"value", PlainDateText(options_.day)}});
    xml_->Open("assignedAuthor");
    xml_->Add("id", "", {{"nullFlavor", "NI"}});
    xml_->Open("representedOrganization");
    AddCheckupId("102", options_.institution);
    xml_->Close();
    xml_->Close();
    xml_->Close();
  }

  const FeedWriterOptions options_;
  std::optional<XmlBuilder> xml_;
  unsigned files_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewCheckupWriter(const FeedWriterOptions& options) {
  return std::make_unique<CheckupWriter>(options);
}

Record CheckupAsCarried(const Record& record) {
  Record out;
  out.key = {record.key.source, CleanText(record.key.record_id)};
  if (!record.names.empty())
    if (std::string name = NameOf(record.names[0]); !name.empty()) out.names.push_back(NameByScript(std::move(name)));
  AddBirth(hl7v2::BirthOf(CarriedBirth(record, "")), &out);
  AddSex(CarriedSex(record), &out);
  AddAddress(CarriedAddress(record), &out);
  if (auto card = CarriedInsurance(record)) out.coverages.push_back(*std::move(card));
  return out;
}

}  // namespace libmpi
