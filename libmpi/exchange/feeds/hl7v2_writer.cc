// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/hl7v2_writer.h"

#include <cstdio>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/hl7_patient_message.h"

namespace libmpi {
namespace {

constexpr size_t kFileBytes = size_t{8} << 20;

Record Carried(const Record& record, Charset charset) {
  Record carried = CarriedByHl7(record, charset, Hl7Addresses::kParts);
  carried.key.source = CarriedText(record.key.source, charset);
  carried.key.record_id = CarriedText(record.key.record_id, charset);
  return carried;
}

class Hl7v2Writer final : public FeedWriter {
 public:
  explicit Hl7v2Writer(const FeedWriterOptions& options)
      : options_(options), messages_(Hl7PatientMessages::Create(options)) {}

  absl::Status Add(const Record& record) override {
    if (!messages_.ok()) return messages_.status();
    const Record carried = Carried(record, messages_->charset());
    if (carried.key.record_id.empty()) return absl::InvalidArgumentError("a patient without a number");
    LIBMPI_ASSIGN_OR_RETURN(const std::string message, messages_->Next(carried, carried.key.source, ""));
    if (in_file_ == 0) bytes_ = Header("FHS") + Header("BHS");
    bytes_ += message;
    ++in_file_;
    return bytes_.size() < kFileBytes ? absl::OkStatus() : End();
  }

  absl::Status End() override {
    if (!messages_.ok()) return messages_.status();
    if (in_file_ == 0) return absl::OkStatus();
    bytes_ += "BTS|" + std::to_string(std::exchange(in_file_, 0)) + "\rFTS|1\r";
    char number[24];
    std::snprintf(number, sizeof number, "_%04llu.hl7", static_cast<unsigned long long>(++files_));
    const std::string day = messages_->Time().substr(0, 8);
    return options_.take({options_.institution + "_" + day + number, std::exchange(bytes_, {})});
  }

 private:
  std::string Header(std::string_view name) const {
    return std::string(name) + "|^~\\&|HIS||GW|RCV|" + messages_->Time().substr(0, 14) + "\r";
  }

  const FeedWriterOptions options_;
  absl::StatusOr<Hl7PatientMessages> messages_;
  std::string bytes_;
  uint64_t in_file_ = 0, files_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewHl7v2Writer(const FeedWriterOptions& options) {
  return std::make_unique<Hl7v2Writer>(options);
}

Record Hl7v2AsCarried(const Record& record, const std::string& encoding) {
  const auto charset = ParseCharset(encoding);
  return Carried(record, charset.ok() ? *charset : Charset::kIso2022Jp);
}

}  // namespace libmpi
