// SPDX-License-Identifier: Apache-2.0
// Any bytes as DICOM: read or refused, and the same in pieces as in one.
#include "document_feed_fuzz.h"
#include "libmpi/exchange/feeds/dicom.h"
#include "libmpi/exchange/feeds/dicom_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  libmpi::FeedOptions options;
  options.max_document_bytes = size_t{1} << 16;
  for (const libmpi::Record& record :
       libmpi::FuzzedInPieces(libmpi::NewDicomParser, options, {reinterpret_cast<const char*>(data), size}))
    libmpi::DicomAsCarried(record);
  return 0;
}
