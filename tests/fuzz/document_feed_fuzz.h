// SPDX-License-Identifier: Apache-2.0
// Any bytes as a document of a facility's system: read or refused, the same in pieces as in one; and what was read is
// written, as far as the format carries it, and read again as the same.
#ifndef LIBMPI_TESTS_FUZZ_DOCUMENT_FEED_FUZZ_H_
#define LIBMPI_TESTS_FUZZ_DOCUMENT_FEED_FUZZ_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/feed.h"
#include "libmpi/exchange/feeds/feed_writer.h"

namespace libmpi {

using FuzzedParser = std::unique_ptr<FeedParser> (*)(const FeedOptions&, FeedSink*);

struct DocumentFormat {
  FuzzedParser parser;
  std::unique_ptr<FeedWriter> (*writer)(const FeedWriterOptions&);
  Record (*as_carried)(const Record&);
};

struct FuzzedRecords final : FeedSink {
  void Take(FeedRecord&& record) override { all.push_back(std::move(record.record)); }
  void Refuse(FeedRemark&&) override {}
  void Note(FeedRemark&&) override {}
  std::vector<Record> all;
};

inline std::vector<Record> FuzzedRead(FuzzedParser parser_of, const FeedOptions& options, std::string_view bytes,
                                      size_t piece) {
  FuzzedRecords sink;
  const auto parser = parser_of(options, &sink);
  for (size_t at = 0; at < bytes.size(); at += piece)
    if (!parser->Take(bytes.substr(at, piece)).ok()) return std::move(sink.all);
  (void)parser->End();
  return std::move(sink.all);
}

// The same in pieces as in one.
inline std::vector<Record> FuzzedInPieces(FuzzedParser parser_of, const FeedOptions& options, std::string_view bytes) {
  std::vector<Record> records = FuzzedRead(parser_of, options, bytes, bytes.size() + 1);
  if (FuzzedRead(parser_of, options, bytes, 7) != records) std::abort();
  return records;
}

inline void FuzzDocument(const DocumentFormat& format, std::string_view bytes) {
  FeedOptions read;
  read.source = "source";
  read.max_document_bytes = size_t{1} << 20;
  const std::vector<Record> records = FuzzedInPieces(format.parser, read, bytes);
  std::vector<Record> carried, again;
  FeedWriterOptions options;
  options.take = [&](FeedFile&& file) {
    for (Record& record : FuzzedRead(format.parser, read, file.bytes, file.bytes.size())) again.push_back(std::move(record));
    return absl::OkStatus();
  };
  const auto writer = format.writer(options);
  for (const Record& record : records) {
    carried.push_back(format.as_carried(record));
    if (!writer->Add(record).ok()) std::abort();
  }
  if (!writer->End().ok() || again != carried) std::abort();
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_FUZZ_DOCUMENT_FEED_FUZZ_H_
