// SPDX-License-Identifier: Apache-2.0
// The formats of feeds, and which one a file has.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_FORMAT_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_FORMAT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

enum class FeedFormat : uint8_t {
  kCsv,          // a patient list with a header (patient_files.h)
  kUke,          // レセプト電算: medical, DPC, dental, pharmacy, home-visit nursing
  kNsips,        // 調剤システム情報共有化システム
  kHl7v2,        // ADT, ORU, OUL messages, one after the other
  kSsMix2,       // the same, one message a file, in SS-MIX2's folders
  kDicom,        // the Patient module of images and worklists
  kOrca,         // 日医標準レセプト: patients as XML or JSON, CLAIM and MML
  kCheckup,      // 特定健診, 後期高齢者健診: HL7 CDA R2
  kEligibility,  // オンライン資格確認: results as XML
  kFhir,         // JP Core Patient and Coverage: JSON, Bundle, NDJSON
};

std::span<const FeedFormat> FeedFormats();
// "csv", "uke", "nsips", "hl7", "ss-mix2", "dicom", "orca", "checkup",
// "eligibility", "fhir".
std::string_view FeedFormatName(FeedFormat format);
std::optional<FeedFormat> FeedFormatOf(std::string_view name);

// By how the file begins (64 KiB are enough), and where that is not clear by
// its path. Nothing: none of these; a patient list has a header that names a
// record id.
std::optional<FeedFormat> DetectFeedFormat(std::string_view path, std::string_view begin);

// Of every format but kCsv. Borrows the sink.
std::unique_ptr<FeedParser> NewFeedParser(FeedFormat format, const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FEED_FORMAT_H_
