// SPDX-License-Identifier: Apache-2.0
// What readers of documents find, kept for tests of ORCA, checkups and eligibility.
#ifndef LIBMPI_TESTS_EXCHANGE_DOCUMENT_READING_H_
#define LIBMPI_TESTS_EXCHANGE_DOCUMENT_READING_H_

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

using NewDocumentParser = std::unique_ptr<FeedParser> (*)(const FeedOptions&, FeedSink*);

struct DocumentReading final : FeedSink {
  void Take(FeedRecord&& record) override { records.push_back(std::move(record)); }
  void Refuse(FeedRemark&& remark) override { remarks.push_back(Said("refused", remark)); }
  void Note(FeedRemark&& remark) override { remarks.push_back(Said("note", remark)); }

  static std::string Said(std::string_view kind, const FeedRemark& remark) {
    return std::string(kind) + " " + std::to_string(remark.line) + " " + remark.field + ": " + remark.reason;
  }
  // All that is said beside records.
  std::string Messages() const {
    std::string out(status.message());
    for (const std::string& remark : remarks) out += "\n" + remark;
    return out;
  }

  absl::Status status;
  std::vector<FeedRecord> records;
  std::vector<std::string> remarks;
  std::string encoding;
  uint64_t malformed = 0;
};

inline DocumentReading ReadDocumentFile(NewDocumentParser parser_of, std::string_view bytes,
                                        const FeedOptions& options = {}, size_t piece = SIZE_MAX) {
  DocumentReading reading;
  const std::unique_ptr<FeedParser> parser = parser_of(options, &reading);
  for (size_t at = 0; at < bytes.size() && reading.status.ok(); at += std::min(piece, bytes.size() - at))
    reading.status = parser->Take(bytes.substr(at, piece));
  if (reading.status.ok()) reading.status = parser->End();
  reading.encoding = parser->encoding();
  reading.malformed = parser->malformed_characters();
  return reading;
}

inline std::string GoldenDocument(const std::string& name) {
  std::ifstream in(std::string(LIBMPI_SOURCE_DIR) + "/tests/golden/feeds/" + name, std::ios::binary);
  EXPECT_TRUE(in.good()) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<Record> RecordsOf(const DocumentReading& reading) {
  std::vector<Record> out;
  for (const FeedRecord& each : reading.records) out.push_back(each.record);
  return out;
}

// UTF-8 as UTF-16 with a mark.
inline std::string ToUtf16(std::string_view utf8, bool big_endian) {
  std::string out;
  const auto put = [&](uint32_t unit) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    out += big_endian ? high : low;
    out += big_endian ? low : high;
  };
  put(0xFEFF);
  for (size_t at = 0; at < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t c = length == 1 ? lead : lead & (0x7FU >> length);
    for (size_t i = 1; i < length; ++i) c = c << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
    at += length;
    if (c < 0x10000) {
      put(c);
    } else {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_EXCHANGE_DOCUMENT_READING_H_
