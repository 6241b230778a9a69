// SPDX-License-Identifier: Apache-2.0
// What an address says inside a municipality. Internal to libmpi/record.
#ifndef LIBMPI_RECORD_STREET_H_
#define LIBMPI_RECORD_STREET_H_

#include <string>
#include <string_view>

#include "libmpi/record/features.h"

namespace libmpi {

// FoldKanji, with '/' where a space stood beside a digit: in "2-1-1 301" the room is no block.
std::string FoldStreet(std::string_view text);

// Splits a FoldStreet text "霞ガ関2丁目1番1号/ビル301" into town 霞ガ関, numbers 2-1-1 and
// building ビル301.
void SplitStreet(std::string_view street, AddressFeatures* out);

// "12 Miller Street": town MILLER STREET, numbers 12. Takes any text.
void SplitLatinStreet(std::string_view street, AddressFeatures* out);

}  // namespace libmpi

#endif  // LIBMPI_RECORD_STREET_H_
