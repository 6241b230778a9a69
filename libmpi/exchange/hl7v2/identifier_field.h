// SPDX-License-Identifier: Apache-2.0
// HL7's CX and HD: identifiers, and who issued them.
#ifndef LIBMPI_EXCHANGE_HL7V2_IDENTIFIER_FIELD_H_
#define LIBMPI_EXCHANGE_HL7V2_IDENTIFIER_FIELD_H_

#include <cstddef>
#include <span>

#include "libmpi/exchange/hl7v2/message.h"
#include "libmpi/exchange/hl7v2/message_builder.h"
#include "libmpi/pix/identifier.h"

namespace libmpi::hl7v2 {

// Of a component whose subcomponents are an HD's parts, as CX.4's.
pix::Authority AuthorityOf(const Component& component);
// Of a CX: components 1, 4 and 5.
pix::Identifier IdentifierOf(const Repetition& cx);

// As the nth repetition of a field.
void SetIdentifier(const pix::Identifier& identifier, size_t field, size_t repetition, SegmentBuilder* segment);
// As all of a field's repetitions.
void SetIdentifiers(std::span<const pix::Identifier> identifiers, size_t field, SegmentBuilder* segment);
// As a field of type HD (MSH-3 to MSH-6).
void SetHd(const pix::Authority& name, size_t field, SegmentBuilder* segment);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_IDENTIFIER_FIELD_H_
