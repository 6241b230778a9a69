// SPDX-License-Identifier: Apache-2.0
// Files that are one document, read when it is whole. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_DOCUMENT_FEED_H_
#define LIBMPI_EXCHANGE_FEEDS_DOCUMENT_FEED_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/exchange/feeds/xml_document.h"
#include "libmpi/record/record.h"

namespace libmpi {

// A record's line is which patient of the file it is; 0 stands for the whole file.
class DocumentFeed : public FeedParser {
 public:
  // `accepts_json`: the document may be JSON with the same names.
  DocumentFeed(const FeedOptions& options, bool accepts_json, FeedSink* sink)
      : options_(options), accepts_json_(accepts_json), sink_(*sink) {}

  absl::Status Take(std::string_view bytes) final;
  absl::Status End() final;
  std::string_view encoding() const final { return encoding_; }
  uint64_t malformed_characters() const final { return malformed_; }

 protected:
  virtual absl::Status Read(XmlNode root) = 0;

  FeedRecord NextPatient();
  // Takes a patient with the number that `patient` has, else refuses.
  void Give(FeedRecord&& patient);
  // A patient without a number of the institution: the first card that was added, with the birth date where it has no
  // branch, stands for it.
  void GiveByCard(FeedRecord&& patient);

  // `said`: by the document, of its sender.
  std::string SourceOf(std::string_view said) const;
  FeedSink& sink() { return sink_; }

 private:
  absl::StatusOr<XmlDocument> Parse();

  const FeedOptions options_;
  const bool accepts_json_;
  FeedSink& sink_;
  std::string bytes_;
  absl::Status status_;
  uint64_t patients_ = 0;
  std::string_view encoding_ = "UTF-8";
  uint64_t malformed_ = 0;
};

// The same for everybody who writes the same card: width, leading zeros and case do not count. Opaque, so that no
// message that names a record tells its card.
std::string NumberOfCard(const StatedCoverage& card, std::string_view birth);

// A name in one field, of which only its letters tell the script.
StatedName NameByScript(std::string text);

void AddBirth(std::string text, Record* record);
void AddSex(std::string text, Record* record);
void AddPhone(std::string text, Record* record);
void AddName(StatedName name, Record* record);
void AddAddress(StatedAddress address, Record* record);
// What names neither insurer nor number is no card.
void AddCoverage(StatedCoverage card, Record* record);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_DOCUMENT_FEED_H_
