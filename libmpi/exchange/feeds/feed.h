// SPDX-License-Identifier: Apache-2.0
// What the files of facilities' systems say of patients, whatever their format.
#ifndef LIBMPI_EXCHANGE_FEEDS_FEED_H_
#define LIBMPI_EXCHANGE_FEEDS_FEED_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/record/record.h"

namespace libmpi {

// What a file says of one patient at one place of it.
struct FeedRecord {
  // Normalized, each text as it was said (UTF-8). The key is the assigning
  // authority and the local number.
  Record record;
  // 1-based: where it begins. Of a file that has no lines (DICOM, one line of
  // JSON or XML): of its patients, which one.
  uint64_t line = 0;
  // The facility withdraws its record: nothing but the key is said.
  bool withdrawn = false;
};

// Something that is wrong with a place of a file, in words without any value of
// it.
struct FeedRemark {
  uint64_t line = 0;
  std::string field;   // canonical field name, or empty
  std::string reason;  // one short sentence
};

// Takes what a parser finds. Not called by two threads at once.
class FeedSink {
 public:
  virtual ~FeedSink() = default;
  virtual void Take(FeedRecord&& record) = 0;
  // A patient who is not taken, or a place where there may have been one: it
  // goes to the rejects.
  virtual void Refuse(FeedRemark&& remark) = 0;
  // What is odd, and was taken nevertheless: a finding of the quality of data.
  virtual void Note(FeedRemark&& remark) = 0;
};

struct FeedOptions {
  // The assigning authority of patients of whom the file names none. Empty:
  // what the file says of its sender (the institution's code, a storage root),
  // else `file_name` without its extensions.
  std::string source;
  // A charset as ParseCharset() takes it; empty: as the format and its bytes
  // say.
  std::string encoding;
  // The file's path as it is to be understood: some formats say things there
  // (SS-MIX2).
  std::string path;
  // Longer lines, or segments, are refused and reading goes on behind them.
  size_t max_line_bytes = size_t{1} << 20;
  // Larger documents (XML, a JSON object, a DICOM header, a message) are
  // refused.
  size_t max_document_bytes = size_t{64} << 20;
};

// Reads one file. Thread-compatible; as many as there are files may run side by
// side.
class FeedParser {
 public:
  virtual ~FeedParser() = default;
  // The file's bytes, in pieces of any size. kInvalidArgument: it is no such
  // file, and nothing more will be taken; what is wrong with a part of it is
  // refused in the sink alone, and reading goes on.
  virtual absl::Status Take(std::string_view bytes) = 0;
  // After the last piece.
  virtual absl::Status End() = 0;
  // As CharsetName() says; known at the end.
  virtual std::string_view encoding() const = 0;
  // Characters that could not be read, each of which became U+FFFD.
  virtual uint64_t malformed_characters() const = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FEED_H_
