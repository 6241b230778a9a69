// SPDX-License-Identifier: Apache-2.0
// Which class reads and writes which format.
#include <utility>

#include "libmpi/exchange/feeds/checkup.h"
#include "libmpi/exchange/feeds/checkup_writer.h"
#include "libmpi/exchange/feeds/csv_writer.h"
#include "libmpi/exchange/feeds/dicom.h"
#include "libmpi/exchange/feeds/dicom_writer.h"
#include "libmpi/exchange/feeds/eligibility.h"
#include "libmpi/exchange/feeds/eligibility_writer.h"
#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/exchange/feeds/feed_writer.h"
#include "libmpi/exchange/feeds/fhir.h"
#include "libmpi/exchange/feeds/fhir_writer.h"
#include "libmpi/exchange/feeds/hl7v2.h"
#include "libmpi/exchange/feeds/hl7v2_writer.h"
#include "libmpi/exchange/feeds/nsips.h"
#include "libmpi/exchange/feeds/nsips_writer.h"
#include "libmpi/exchange/feeds/orca.h"
#include "libmpi/exchange/feeds/orca_writer.h"
#include "libmpi/exchange/feeds/ss_mix2.h"
#include "libmpi/exchange/feeds/ss_mix2_writer.h"
#include "libmpi/exchange/feeds/uke.h"
#include "libmpi/exchange/feeds/uke_writer.h"

namespace libmpi {

std::unique_ptr<FeedParser> NewFeedParser(FeedFormat format, const FeedOptions& options, FeedSink* sink) {
  switch (format) {
    case FeedFormat::kCsv: return nullptr;
    case FeedFormat::kUke: return NewUkeParser(options, sink);
    case FeedFormat::kNsips: return NewNsipsParser(options, sink);
    case FeedFormat::kHl7v2: return NewHl7v2Parser(options, sink);
    case FeedFormat::kSsMix2: return NewSsMix2Parser(options, sink);
    case FeedFormat::kDicom: return NewDicomParser(options, sink);
    case FeedFormat::kOrca: return NewOrcaParser(options, sink);
    case FeedFormat::kCheckup: return NewCheckupParser(options, sink);
    case FeedFormat::kEligibility: return NewEligibilityParser(options, sink);
    case FeedFormat::kFhir: return NewFhirParser(options, sink);
  }
  return nullptr;
}

std::unique_ptr<FeedWriter> NewFeedWriter(FeedFormat format, const FeedWriterOptions& options) {
  switch (format) {
    case FeedFormat::kCsv: return NewCsvWriter(options);
    case FeedFormat::kUke: return NewUkeWriter(options);
    case FeedFormat::kNsips: return NewNsipsWriter(options);
    case FeedFormat::kHl7v2: return NewHl7v2Writer(options);
    case FeedFormat::kSsMix2: return NewSsMix2Writer(options);
    case FeedFormat::kDicom: return NewDicomWriter(options);
    case FeedFormat::kOrca: return NewOrcaWriter(options);
    case FeedFormat::kCheckup: return NewCheckupWriter(options);
    case FeedFormat::kEligibility: return NewEligibilityWriter(options);
    case FeedFormat::kFhir: return NewFhirWriter(options);
  }
  return nullptr;
}

Record AsCarried(FeedFormat format, const Record& record) {
  switch (format) {
    case FeedFormat::kCsv: return record;
    case FeedFormat::kUke: return UkeAsCarried(record);
    case FeedFormat::kNsips: return NsipsAsCarried(record);
    case FeedFormat::kHl7v2: return Hl7v2AsCarried(record);
    case FeedFormat::kSsMix2: return SsMix2AsCarried(record);
    case FeedFormat::kDicom: return DicomAsCarried(record);
    case FeedFormat::kOrca: return OrcaAsCarried(record);
    case FeedFormat::kCheckup: return CheckupAsCarried(record);
    case FeedFormat::kEligibility: return EligibilityAsCarried(record);
    case FeedFormat::kFhir: return FhirAsCarried(record);
  }
  return record;
}

}  // namespace libmpi
