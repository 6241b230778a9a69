// SPDX-License-Identifier: Apache-2.0
// Identifiers as other systems write them, and what names who issued them.
#ifndef LIBMPI_PIX_IDENTIFIER_H_
#define LIBMPI_PIX_IDENTIFIER_H_

#include <compare>
#include <string>

namespace libmpi::pix {

// Who issued an identifier, by name, by universal name and its type (ISO: an OID), or all three (HL7's HD, FHIR's
// system).
struct Authority {
  std::string namespace_id, universal_id, universal_id_type;
  bool empty() const { return namespace_id.empty() && universal_id.empty() && universal_id_type.empty(); }
  auto operator<=>(const Authority&) const = default;
};

// HL7's CX.
struct Identifier {
  std::string value;
  Authority authority;
  std::string type = {};  // HL7 table 0203: "PI", "MR" ...; empty: not said
  auto operator<=>(const Identifier&) const = default;
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_IDENTIFIER_H_
