// SPDX-License-Identifier: Apache-2.0
// Any bytes as DICOM: read or refused, and the same in pieces as in one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "libmpi/exchange/feeds/dicom.h"
#include "libmpi/exchange/feeds/dicom_writer.h"

namespace {

struct Records final : libmpi::FeedSink {
  void Take(libmpi::FeedRecord&& record) override { all.push_back(std::move(record.record)); }
  void Refuse(libmpi::FeedRemark&&) override {}
  void Note(libmpi::FeedRemark&&) override {}
  std::vector<libmpi::Record> all;
};

std::vector<libmpi::Record> Read(std::string_view bytes, size_t piece) {
  libmpi::FeedOptions options;
  options.max_document_bytes = size_t{1} << 16;
  Records sink;
  const std::unique_ptr<libmpi::FeedParser> parser = libmpi::NewDicomParser(options, &sink);
  for (size_t at = 0; at < bytes.size(); at += piece)
    if (!parser->Take(bytes.substr(at, piece)).ok()) return std::move(sink.all);
  (void)parser->End();
  return std::move(sink.all);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::vector<libmpi::Record> records = Read(bytes, size + 1);
  if (Read(bytes, 7) != records) std::abort();
  for (const libmpi::Record& record : records) libmpi::DicomAsCarried(record);
  return 0;
}
