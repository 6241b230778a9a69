// SPDX-License-Identifier: Apache-2.0
// Whether a text is XML that may be parsed. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_XML_SCAN_H_
#define LIBMPI_EXCHANGE_FEEDS_XML_SCAN_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/exchange/feeds/xml_document.h"

namespace libmpi {

// Looks at all markup once, before anything is built of it. kInvalidArgument: a document type or an entity, a limit, a
// character that XML cannot have, a document that ends too early. What names must match, the parser says.
absl::Status ScanXml(std::string_view utf8, const XmlLimits& limits);

// The line, from 1, in which a byte stands.
size_t LineOf(std::string_view text, size_t position);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_XML_SCAN_H_
