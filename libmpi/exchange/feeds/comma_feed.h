// SPDX-License-Identifier: Apache-2.0
// What UKE and NSIPS files have in common: lines of fields between commas, in CP932, of institutions that have claim
// codes. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_COMMA_FEED_H_
#define LIBMPI_EXCHANGE_FEEDS_COMMA_FEED_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/exchange/feeds/feed_lines.h"
#include "libmpi/exchange/feeds/feed_text.h"

namespace libmpi {

// Reads such a file line by line. CP932, or UTF-8 where somebody made that of it; an encoding that was told must be one
// in which a comma's byte is a comma.
class CommaFeedParser : public FeedParser {
 public:
  absl::Status Take(std::string_view bytes) final;
  absl::Status End() final;
  std::string_view encoding() const final { return text_.encoding(); }
  uint64_t malformed_characters() const final { return text_.malformed_characters(); }

 protected:
  // `format` is named where a file is none.
  CommaFeedParser(const FeedOptions& options, FeedSink* sink, std::string_view format);

  // A line without its end, a byte order mark and the end of file that DOS writes, 0x1A.
  virtual void TakeLine(uint64_t number, std::string_view line) = 0;
  // One that was too long to look at, and is refused.
  virtual void PassLine() {}
  // After the last.
  virtual void Finish() {}

  // Some line was one of this format: else the file is refused at its end.
  void Recognize() { recognized_ = true; }
  // The source of its patients: what the caller says, else the institution, else the name of the file.
  std::string SourceOr(const std::string& institution) const;

  std::string Text(std::string_view field) { return text_.Field(field); }
  FeedSink& sink() { return sink_; }

 private:
  void TakeLines(std::string_view bytes);
  void TakeCleanLine(uint64_t number, std::string_view line);

  const FeedOptions options_;
  FeedSink& sink_;
  const std::string format_;
  FeedLines lines_;
  FeedText text_;
  absl::Status status_;
  bool recognized_ = false;
};

// The ten digits by which claims know an institution: prefecture (two), kind of fee table (one), its own code (seven),
// each with the zeros that somebody left out. A code of ten digits is all of it, one with other characters stays as it
// is; empty where there is none.
std::string InstitutionCode(std::string_view prefecture, std::string_view table, std::string_view code);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_COMMA_FEED_H_
