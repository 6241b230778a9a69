// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/ss_mix2_writer.h"

#include <algorithm>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/hl7_patient_message.h"
#include "libmpi/exchange/feeds/ss_mix2_name.h"

namespace libmpi {
namespace {

constexpr std::string_view kProfile = "SS-MIX2_1.20^SS-MIX2^1.2.392.200250.2.1.100.1.2.120^ISO";
// ADT-00 is of no order.
constexpr std::string_view kNoOrder = "999999999999999";
constexpr size_t kLongestNumber = 64;

bool CanBeFolder(std::string_view number) {
  return !number.empty() && number.size() <= kLongestNumber && number[0] != '.' &&
         std::ranges::all_of(number, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
         });
}

// Its first or second three characters.
std::string FolderOf(std::string_view number, size_t from) {
  return from < number.size() ? std::string(number.substr(from, 3)) : "-";
}

Record Carried(const Record& record, Charset charset) { return CarriedByHl7(record, charset, Hl7Addresses::kWhole); }

class SsMix2Writer final : public FeedWriter {
 public:
  explicit SsMix2Writer(const FeedWriterOptions& options)
      : options_(options), messages_(Hl7PatientMessages::Create(options)) {}

  absl::Status Add(const Record& record) override {
    if (!messages_.ok()) return messages_.status();
    const std::string& number = record.key.record_id;
    if (!CanBeFolder(number)) return absl::InvalidArgumentError("a patient's number that can't be a folder's name");
    const std::string type(kPatientDatatype), time = messages_->Time();
    LIBMPI_ASSIGN_OR_RETURN(std::string message, messages_->Next(Carried(record, messages_->charset()), "", kProfile));
    const std::string folder = options_.institution + "/" + FolderOf(number, 0) + "/" + FolderOf(number, 3) + "/" +
                               number + "/-/" + type + "/";
    const std::string name = number + "_-_" + type + "_" + std::string(kNoOrder) + "_" + time + "_-_1";
    return options_.take({folder + name, std::move(message)});
  }

  absl::Status End() override { return messages_.status(); }

 private:
  const FeedWriterOptions options_;
  absl::StatusOr<Hl7PatientMessages> messages_;
};

}  // namespace

std::unique_ptr<FeedWriter> NewSsMix2Writer(const FeedWriterOptions& options) {
  return std::make_unique<SsMix2Writer>(options);
}

Record SsMix2AsCarried(const Record& record, const std::string& encoding) {
  const auto charset = ParseCharset(encoding);
  return Carried(record, charset.ok() ? *charset : Charset::kIso2022Jp);
}

}  // namespace libmpi
