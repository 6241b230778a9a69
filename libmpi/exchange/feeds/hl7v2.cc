// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/hl7v2.h"

#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/exchange/feeds/hl7_messages.h"
#include "libmpi/exchange/feeds/hl7_patients.h"

namespace libmpi {
namespace {

class Hl7v2Parser final : public FeedParser {
 public:
  Hl7v2Parser(const FeedOptions& options, FeedSink* sink)
      : patients_(options, {options.source, FileStem(options.path)}, sink),
        messages_(options.max_line_bytes, options.max_document_bytes, &patients_) {}

  absl::Status Take(std::string_view bytes) override {
    messages_.Take(bytes);
    return absl::OkStatus();
  }

  absl::Status End() override {
    messages_.End();
    if (messages_.found_any()) return absl::OkStatus();
    return absl::InvalidArgumentError("there is no HL7 message in it: no segment MSH, and no batch");
  }

  std::string_view encoding() const override { return patients_.text().encoding(); }
  uint64_t malformed_characters() const override { return patients_.text().malformed_characters(); }

 private:
  Hl7Patients patients_;
  Hl7Messages messages_;
};

}  // namespace

std::unique_ptr<FeedParser> NewHl7v2Parser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<Hl7v2Parser>(options, sink);
}

}  // namespace libmpi
