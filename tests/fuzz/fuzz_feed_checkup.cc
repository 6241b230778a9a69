// SPDX-License-Identifier: Apache-2.0
#include "document_feed_fuzz.h"
#include "libmpi/exchange/feeds/checkup.h"
#include "libmpi/exchange/feeds/checkup_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const libmpi::DocumentFormat format{libmpi::NewCheckupParser, libmpi::NewCheckupWriter, libmpi::CheckupAsCarried};
  libmpi::FuzzDocument(format, {reinterpret_cast<const char*>(data), size});
  return 0;
}
