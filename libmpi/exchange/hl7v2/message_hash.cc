// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/message_hash.h"

#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "absl/status/status.h"

namespace libmpi::hl7v2 {

absl::StatusOr<std::string> MessageHash(const Message& message) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool done = context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  // No part has a CR in it: parts of other messages can't run together into the same bytes.
  const auto add = [&](std::string_view part) {
    done = done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1 &&
           EVP_DigestUpdate(context.get(), "\r", 1) == 1;
  };
  const Segment& msh = message.msh();
  for (size_t field = 1; field <= msh.fields(); ++field)
    if (field != 7) add(msh.field(field).raw());
  for (size_t i = 1; i < message.segments().size(); ++i) add(message.segments()[i].raw());
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!done || EVP_DigestFinal_ex(context.get(), hash, &size) != 1 || size != 32)
    return absl::InternalError("SHA-256 can't be computed");
  return std::string(reinterpret_cast<const char*>(hash), size);
}

}  // namespace libmpi::hl7v2
