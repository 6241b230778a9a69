// SPDX-License-Identifier: Apache-2.0
// Any bytes as a model file: refused with a reason, or a model that survives its own file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libmpi/linkage/model.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto model =
      libmpi::Model::FromJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!model.ok()) return 0;
  const std::string json = model->ToJson();
  const auto again = libmpi::Model::FromJson(json);
  if (!again.ok() || again->ToJson() != json) std::abort();
  model->Describe();
  return 0;
}
