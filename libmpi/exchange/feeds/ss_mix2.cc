// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/ss_mix2.h"

#include <optional>
#include <string>
#include <utility>

#include "libmpi/exchange/feeds/hl7_messages.h"
#include "libmpi/exchange/feeds/hl7_patients.h"
#include "libmpi/exchange/feeds/ss_mix2_name.h"

namespace libmpi {
namespace {

std::string_view FileNameOf(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

// A file's name has the patient's number in it: it is no name of a source.
constexpr std::string_view kUnknownSource = "ss-mix2";

class SsMix2Parser final : public FeedParser {
 public:
  SsMix2Parser(const FeedOptions& options, FeedSink* sink)
      : path_(options.path),
        name_(ParseSsMix2Name(FileNameOf(path_))),
        sink_(*sink),
        patients_(options, OriginOf(options, path_, name_), sink),
        messages_(options.max_line_bytes, options.max_document_bytes, &patients_) {}

  absl::Status Take(std::string_view bytes) override {
    if (!IsOver()) messages_.Take(bytes);
    return absl::OkStatus();
  }

  absl::Status End() override {
    if (IsOver()) {
      sink_.Note({1, "", "the file's name says that what stands in it was replaced or deleted: nothing is taken"});
      return absl::OkStatus();
    }
    messages_.End();
    if (IsDeleted(name_) && patients_.messages() == 0) return WithdrawByName();
    if (!messages_.found_any()) return absl::InvalidArgumentError("there is no HL7 message in it: no segment MSH");
    if (patients_.messages() > 1) patients_.NoteFile(1, "the file has several messages, where SS-MIX2 has one");
    return absl::OkStatus();
  }

  std::string_view encoding() const override { return patients_.text().encoding(); }
  uint64_t malformed_characters() const override { return patients_.text().malformed_characters(); }

 private:
  using Name = std::optional<SsMix2Name>;

  static bool IsDeleted(const Name& name) {
    return name && name->datatype == kPatientDatatype && name->condition == '0';
  }
  bool IsOver() const { return name_ && name_->condition != '1' && !IsDeleted(name_); }

  static Hl7FileOrigin OriginOf(const FeedOptions& options, const std::string& path, const Name& name) {
    Hl7FileOrigin origin{options.source, std::string(kUnknownSource)};
    if (!name) return origin;
    if (origin.source.empty()) origin.source = SsMix2SourceOf(SsMix2RootOf(path, *name));
    origin.number = name->patient;
    origin.withdrawn = IsDeleted(name);
    return origin;
  }

  // Some systems leave nothing in a file that deletes.
  absl::Status WithdrawByName() {
    FeedRecord patient;
    patient.line = 1;
    patient.withdrawn = true;
    const Hl7FileOrigin& origin = patients_.origin();
    patient.record.key = {origin.source.empty() ? origin.source_otherwise : origin.source, origin.number};
    sink_.Take(std::move(patient));
    return absl::OkStatus();
  }

  const std::string path_;
  const Name name_;  // views into path_
  FeedSink& sink_;
  Hl7Patients patients_;
  Hl7Messages messages_;
};

}  // namespace

std::unique_ptr<FeedParser> NewSsMix2Parser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<SsMix2Parser>(options, sink);
}

}  // namespace libmpi
