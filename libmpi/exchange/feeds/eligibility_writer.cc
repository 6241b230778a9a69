// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/eligibility_writer.h"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/carried.h"
#include "libmpi/exchange/feeds/xml_builder.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

constexpr size_t kPatientsPerFile = 500;

class EligibilityWriter final : public FeedWriter {
 public:
  explicit EligibilityWriter(const FeedWriterOptions& options) : options_(options) {}

  absl::Status Add(const Record& record) override {
    if (!xml_) LIBMPI_RETURN_IF_ERROR(Begin());
    AddUnit(EligibilityAsCarried(record));
    return ++patients_ == kPatientsPerFile ? End() : absl::OkStatus();
  }

  absl::Status End() override {
    if (!xml_) return absl::OkStatus();
    xml_->Close();
    xml_->Close();
    char number[16];
    std::snprintf(number, sizeof number, "%06u", ++files_);
    FeedFile file{"OQSmuquc02res_" + PlainDateText(options_.day) + number + ".xml", xml_->Take()};
    xml_.reset();
    patients_ = 0;
    return options_.take(std::move(file));
  }

 private:
  absl::Status Begin() {
    LIBMPI_ASSIGN_OR_RETURN(const Charset charset, WriterCharset(options_.encoding));
    xml_.emplace(charset);
    xml_->Open("XmlMsg");
    xml_->Open("MessageHeader");
    xml_->Add("ProcessExecutionTime", PlainDateText(options_.day) + "120000");
    xml_->Add("QualificationConfirmationDate", PlainDateText(options_.day));
    xml_->Add("MedicalInstitutionCode", options_.institution);
    xml_->Add("SegmentOfResult", "1");
    // Only these two have a code.
    if (charset == Charset::kUtf8) xml_->Add("CharacterCodeIdentifier", "0");
    if (charset == Charset::kCp932) xml_->Add("CharacterCodeIdentifier", "1");
    xml_->Close();
    xml_->Open("MessageBody");
    return absl::OkStatus();
  }

  void Say(std::string_view name, std::string_view text) {
    if (!text.empty()) xml_->Add(name, text);
  }

  void AddUnit(const Record& record) {
    xml_->Open("BulkConfirmUnit");
    xml_->Add("ProcessingResultStatus", "1");
    xml_->Add("QualificationValidity", "1");
    xml_->Open("ResultOfQualificationConfirmation");
    xml_->Add("InsuredCardClassification", "01");
    if (!record.coverages.empty()) {
      const StatedCoverage& card = record.coverages[0];
      Say("InsurerNumber", card.insurer);
      Say("InsuredCardSymbol", card.symbol);
      Say("InsuredIdentificationNumber", card.number);
      Say("InsuredBranchNumber", card.branch);
    }
    if (!record.names.empty()) {
      Say("Name", record.names[0].full);
      Say("NameKana", record.names[0].full_kana);
    }
    if (!record.sexes.empty()) Say("Sex1", record.sexes[0]);
    if (!record.births.empty()) Say("Birthdate", record.births[0]);
    if (!record.addresses.empty()) {
      Say("Address", record.addresses[0].full);
      Say("PostNumber", record.addresses[0].postal_code);
    }
    xml_->Close();
    Say("ReferenceNumber", record.key.record_id);
    xml_->Close();
  }

  const FeedWriterOptions options_;
  std::optional<XmlBuilder> xml_;  // of the file that is being written
  size_t patients_ = 0;            // in it
  unsigned files_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewEligibilityWriter(const FeedWriterOptions& options) {
  return std::make_unique<EligibilityWriter>(options);
}

Record EligibilityAsCarried(const Record& record) {
  Record out = CarriedPerson(record, "");
  std::erase(out.sexes, "3");  // which is "not set"
  if (auto card = CarriedInsurance(record)) out.coverages.push_back(*std::move(card));
  return out;
}

}  // namespace libmpi
