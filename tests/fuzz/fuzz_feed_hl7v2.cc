// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file of HL7 v2 messages: read or refused in words, the same in one piece as in small ones; what was
// read is written and read again as what the format carries.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/feeds/hl7v2.h"
#include "libmpi/exchange/feeds/hl7v2_writer.h"

namespace {

using namespace libmpi;  // NOLINT

void Require(bool condition) {
  if (!condition) std::abort();
}

class Sink final : public FeedSink {
 public:
  void Take(FeedRecord&& record) override { records.push_back(std::move(record)); }
  void Refuse(FeedRemark&&) override { ++remarks; }
  void Note(FeedRemark&&) override { ++remarks; }
  std::vector<FeedRecord> records;
  size_t remarks = 0;
};

Sink Read(std::string_view bytes, size_t piece) {
  FeedOptions options;
  options.path = "x.hl7";
  options.max_line_bytes = 500;
  options.max_document_bytes = 2000;
  Sink sink;
  const auto parser = NewHl7v2Parser(options, &sink);
  for (size_t i = 0; i < bytes.size(); i += piece) Require(parser->Take(bytes.substr(i, piece)).ok());
  (void)parser->End();
  return sink;
}

void RequireCarried(const Record& record) {
  std::string bytes;
  FeedWriterOptions options;
  options.day = {2026, 4, 1};
  options.take = [&](FeedFile&& file) {
    bytes += file.bytes;
    return absl::OkStatus();
  };
  const auto writer = NewHl7v2Writer(options);
  const Record carried = Hl7v2AsCarried(record);
  if (carried.key.record_id.empty() || carried.key.source.empty()) return;
  Require(writer->Add(record).ok() && writer->End().ok());
  Sink again;
  const auto parser = NewHl7v2Parser({}, &again);
  Require(parser->Take(bytes).ok() && parser->End().ok());
  Require(again.records.size() == 1 && again.records[0].record == carried);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  // Half of the inputs start with a good MSH, so that segments are reached.
  if (data[0] % 2 == 0) bytes = "MSH|^~\\&|A|B|C|D|20240101||ADT^A08|1|P|2.5||||||~ISO IR87\rPID|||" + bytes;
  const Sink whole = Read(bytes, bytes.size() + 1), pieces = Read(bytes, 1 + data[0] % 16);
  Require(whole.remarks == pieces.remarks && whole.records.size() == pieces.records.size());
  for (size_t i = 0; i < whole.records.size(); ++i) {
    Require(whole.records[i].record == pieces.records[i].record && whole.records[i].line == pieces.records[i].line);
    if (!whole.records[i].withdrawn) RequireCarried(whole.records[i].record);
  }
  return 0;
}
