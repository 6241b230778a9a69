// SPDX-License-Identifier: Apache-2.0
// Lines of UKE and NSIPS files as we write them. Internal to libmpi/exchange/feeds.
#ifndef LIBMPI_EXCHANGE_FEEDS_COMMA_LINE_H_
#define LIBMPI_EXCHANGE_FEEDS_COMMA_LINE_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/feed_writer.h"
#include "libmpi/record/record.h"
#include "libmpi/text/charset.h"

namespace libmpi {

// A value as such a file carries it: what CP932 has (a file in UTF-8 is one of CP932 that somebody converted), commas
// and quotes as their full-width forms, no line ends, no blanks around it. A value that is carried is carried as it is.
std::string CarriedText(std::string_view text);
// YYYYMMDD where the date is whole; else as CarriedText() says.
std::string CarriedBirth(std::string_view text);
// 1 or 2 where it says male or female; else as CarriedText() says.
std::string CarriedSex(std::string_view text);
// The name in one field, with a full-width space between its parts: kanji, else romaji, else kana.
std::string CarriedName(const StatedName& name);
// Every value of `texts` that says something, as `carry` gives it, sorted, each once.
std::vector<std::string> CarriedTexts(const std::vector<std::string>& texts, std::string (*carry)(std::string_view));

// Key, names (CarriedName, and the kana as `kana` gives them), birth dates and sexes.
Record CarriedPatient(const Record& record, std::string (*kana)(const StatedName&));

// A record's coverages: those that only a payer of public expenses and a recipient say, and the others.
struct CoveragesByKind {
  std::vector<StatedCoverage> insurances, public_expenses;
};
CoveragesByKind ByKind(const std::vector<StatedCoverage>& coverages);

// Item i of a list, or its last; null where there is none.
template <typename T>
const T* AtOrLast(const std::vector<T>& list, size_t i) {
  return list.empty() ? nullptr : &list[std::min(i, list.size() - 1)];
}
// How many shares of at most `share` something has.
inline size_t Shares(size_t count, size_t share) { return (count + share - 1) / share; }

// Fields, which hold no comma, between commas, and a CR LF.
void AppendCommaLine(std::span<const std::string_view> fields, std::string* out);

// The charset to write in: CP932, or UTF-8 where that is told. kInvalidArgument for others.
absl::StatusOr<Charset> CommaCharset(const FeedWriterOptions& options);
std::string InCharset(std::string text, Charset charset);

// Prefecture, fee table and the institution's own code of its ten digits.
struct InstitutionParts {
  std::string_view prefecture, table, code;
};
absl::StatusOr<InstitutionParts> PartsOfInstitution(std::string_view institution);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_COMMA_LINE_H_
