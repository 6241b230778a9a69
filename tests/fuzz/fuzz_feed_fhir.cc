// SPDX-License-Identifier: Apache-2.0
// Any bytes as FHIR: read or refused, and the same in pieces as in one.
#include "document_feed_fuzz.h"
#include "libmpi/exchange/feeds/fhir.h"
#include "libmpi/exchange/feeds/fhir_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  libmpi::FeedOptions options;
  options.max_document_bytes = size_t{1} << 16;
  for (const libmpi::Record& record :
       libmpi::FuzzedInPieces(libmpi::NewFhirParser, options, {reinterpret_cast<const char*>(data), size}))
    libmpi::FhirAsCarried(record);
  return 0;
}
