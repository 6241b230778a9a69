// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/identifier_field.h"

namespace libmpi::hl7v2 {

pix::Authority AuthorityOf(const Component& component) {
  return {component.subcomponent(1).Text(), component.subcomponent(2).Text(), component.subcomponent(3).Text()};
}

pix::Identifier IdentifierOf(const Repetition& cx) {
  const Components components(cx);
  return {components.Text(1), AuthorityOf(components[4]), components.Text(5)};
}

void SetIdentifier(const pix::Identifier& identifier, size_t field, size_t repetition, SegmentBuilder* segment) {
  const pix::Authority& authority = identifier.authority;
  segment->SetIn(field, repetition, 1, 1, identifier.value);
  segment->SetIn(field, repetition, 4, 1, authority.namespace_id);
  segment->SetIn(field, repetition, 4, 2, authority.universal_id);
  segment->SetIn(field, repetition, 4, 3, authority.universal_id_type);
  segment->SetIn(field, repetition, 5, 1, identifier.type);
}

void SetIdentifiers(std::span<const pix::Identifier> identifiers, size_t field, SegmentBuilder* segment) {
  for (size_t i = 0; i < identifiers.size(); ++i) SetIdentifier(identifiers[i], field, i + 1, segment);
}

void SetHd(const pix::Authority& name, size_t field, SegmentBuilder* segment) {
  segment->Set(field, 1, name.namespace_id).Set(field, 2, name.universal_id).Set(field, 3, name.universal_id_type);
}

}  // namespace libmpi::hl7v2
