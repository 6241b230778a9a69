// SPDX-License-Identifier: Apache-2.0
// FHIR resources out of JSON. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_FHIR_JSON_H_
#define LIBMPI_EXCHANGE_FEEDS_FHIR_JSON_H_

#include <string>
#include <string_view>

#include "libmpi/exchange/feeds/fhir_values.h"
#include "simdjson.h"

namespace libmpi {

// A member that is a string, as it stands in the document; empty: it is none.
std::string_view FhirString(simdjson::dom::object object, std::string_view name);
// A string or a whole number as what a record says: trimmed, in the one form of characters that charsets disagree on.
std::string FhirText(simdjson::dom::object object, std::string_view name);
std::string FhirText(std::string_view text);

// Of an element of any type: an object, if it is one.
bool IsFhirObject(simdjson::dom::element element, simdjson::dom::object* object);
bool FhirMember(simdjson::dom::object object, std::string_view name, simdjson::dom::object* member);

// Elements of a list, or the one that stands in a list's place; never more than `most`.
template <typename Visit>
void ForEachFhirObject(simdjson::dom::object object, std::string_view name, size_t most, const Visit& visit) {
  simdjson::dom::element element;
  simdjson::dom::object one;
  simdjson::dom::array list;
  if (object[name].get(element) != simdjson::SUCCESS) return;
  if (element.get(list) == simdjson::SUCCESS) {
    for (const simdjson::dom::element each : list) {
      if (most-- == 0) return;
      if (IsFhirObject(each, &one)) visit(one);
    }
  } else if (most > 0 && IsFhirObject(element, &one)) {
    visit(one);
  }
}

FhirPatient ReadFhirPatient(simdjson::dom::object patient);
FhirCoverage ReadFhirCoverage(simdjson::dom::object coverage);
// The number by which an Organization is an insurer or a payer; empty: it is none.
std::string ReadFhirInsurer(simdjson::dom::object organization);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_FHIR_JSON_H_
