// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/csv_writer.h"

#include <string>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/patient_files.h"
#include "libmpi/exchange/record_rows.h"
#include "libmpi/text/charset.h"

namespace libmpi {
namespace {

class CsvWriter final : public FeedWriter {
 public:
  explicit CsvWriter(const FeedWriterOptions& options) : options_(options) {
    for (const Field field : RecordRowColumns()) {
      if (!text_.empty()) text_ += ',';
      text_ += FieldName(field);
    }
    text_ += '\n';
  }

  absl::Status Add(const Record& record) override {
    AppendRecordRows(record, &text_);
    return absl::OkStatus();
  }

  absl::Status End() override {
    if (!options_.encoding.empty()) {
      LIBMPI_ASSIGN_OR_RETURN(const Charset charset, ParseCharset(options_.encoding));
      text_ = EncodeText(text_, charset).bytes;
    }
    return options_.take({"patients.csv", std::move(text_)});
  }

 private:
  const FeedWriterOptions options_;
  std::string text_;
};

}  // namespace

std::unique_ptr<FeedWriter> NewCsvWriter(const FeedWriterOptions& options) {
  return std::make_unique<CsvWriter>(options);
}

}  // namespace libmpi
