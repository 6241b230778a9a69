// SPDX-License-Identifier: Apache-2.0
// Schema and table-model files of any bytes: refused or read, never a crash; what is read is written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libmpi/table/table_model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto schema = libmpi::table::Schema::FromJson(text); schema.ok()) {
    const std::string written = schema->ToJson();
    const auto again = libmpi::table::Schema::FromJson(written);
    if (!again.ok() || again->ToJson() != written) std::abort();
  }
  (void)libmpi::table::TableModel::FromJson(text).ok();
  return 0;
}
