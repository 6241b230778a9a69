// SPDX-License-Identifier: Apache-2.0
// DICOM's person names (PN) and its character sets. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_DICOM_PN_H_
#define LIBMPI_EXCHANGE_FEEDS_DICOM_PN_H_

#include <string>
#include <string_view>
#include <vector>

#include "libmpi/record/record.h"

namespace libmpi {

// "YAMADA^TARO=山田^太郎=ヤマダ^タロウ", in UTF-8: groups in letters, kanji and kana, each of them
// family^given^middle^prefix^suffix; prefixes and suffixes say nothing of a name. A group is what its letters are,
// wherever it stands: kana or kanji alone in the first group are met. A group without a given name is a whole name.
// Adds nothing where nothing is said.
void AddDicomName(std::string_view text, std::vector<StatedName>* names);
// The name as a former name: kanji, else letters, else kana; parts with a space between.
std::string DicomFormerName(std::string_view text);

// A name as PN, 64 characters a group. Names that were said in one piece are parted at their space.
std::string DicomNameOf(const StatedName& name);
std::string DicomNameOfText(std::string_view full);  // a former name
// A text of one value: without the marks that part values, and no longer than `characters`.
std::string DicomTextOf(std::string_view text, size_t characters);

// The values of an element, without blanks around them; of bytes that are decoded already.
std::vector<std::string_view> DicomValues(std::string_view text);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_DICOM_PN_H_
