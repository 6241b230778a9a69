// SPDX-License-Identifier: Apache-2.0
#include "document_feed_fuzz.h"
#include "libmpi/exchange/feeds/orca.h"
#include "libmpi/exchange/feeds/orca_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const libmpi::DocumentFormat format{libmpi::NewOrcaParser, libmpi::NewOrcaWriter, libmpi::OrcaAsCarried};
  libmpi::FuzzDocument(format, {reinterpret_cast<const char*>(data), size});
  return 0;
}
