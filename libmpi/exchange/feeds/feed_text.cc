// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/feed_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "libmpi/exchange/row_record.h"

namespace libmpi {
namespace {

// Escape sequences are ISO-2022-JP's.
bool IsPlain(char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\x1b'; }

}  // namespace

bool IsPlainAscii(std::string_view bytes) { return std::ranges::all_of(bytes, IsPlain); }

bool AreDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

FeedText::FeedText(const FeedOptions& options, Among among) : among_(among) {
  if (options.encoding.empty()) return;
  if (const auto named = ParseCharset(options.encoding); named.ok()) charset_ = *named;
}

size_t FeedText::AsciiPrefix(std::string_view bytes) {
  constexpr uint64_t kHighs = 0x8080808080808080ULL;
  size_t i = 0;
  for (uint64_t word; i + 8 <= bytes.size(); i += 8) {
    std::memcpy(&word, bytes.data() + i, 8);
    if ((word & kHighs) != 0 || std::memchr(bytes.data() + i, '\x1b', 8) != nullptr) break;
  }
  while (i < bytes.size() && IsPlain(bytes[i])) ++i;
  return i;
}

Charset FeedText::Guess(std::string_view sample) const {
  const Charset guess = DetectCharset(sample);
  const bool is_one = among_ == Among::kAllCharsets || guess == Charset::kUtf8;
  return is_one ? guess : Charset::kCp932;
}

void FeedText::Begin(std::string_view bytes) {
  if (!charset_ && !IsPlainAscii(bytes)) charset_ = Guess(bytes);
}

std::string FeedText::Whole(std::string_view bytes) {
  if (IsPlainAscii(bytes)) return std::string(bytes);
  Begin(bytes);
  DecodedText decoded = DecodeText(bytes, *charset_);
  malformed_ += decoded.malformed;
  return std::move(decoded.utf8);
}

std::string FeedText::Field(std::string_view bytes) {
  if (IsPlainAscii(bytes)) return std::string(WithoutBlanks(bytes));
  const std::string text = Whole(bytes);
  return std::string(WithoutBlanks(text));
}

std::string_view WithoutBlanks(std::string_view text) { return TrimSpaces(text); }

Record WithUnifiedTexts(Record record) {
  const auto unify = [](auto&... texts) {
    ((texts = std::string(WithoutBlanks(DecodeText(texts, Charset::kUtf8).utf8))), ...);
  };
  unify(record.key.source, record.key.record_id);
  for (StatedName& n : record.names)
    unify(n.full, n.family, n.given, n.full_kana, n.family_kana, n.given_kana, n.latin);
  for (auto* list : {&record.former_names, &record.births, &record.sexes, &record.phones})
    for (std::string& text : *list) unify(text);
  for (StatedCoverage& c : record.coverages) unify(c.insurer, c.symbol, c.number, c.branch);
  for (StatedCareInsurance& c : record.care) unify(c.insurer, c.number);
  for (StatedAddress& a : record.addresses) unify(a.postal_code, a.prefecture, a.city, a.street, a.full);
  return record;
}

std::string FileStem(std::string_view path) {
  const size_t slash = path.find_last_of('/');
  std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  name = name.substr(0, name.find('.'));
  return name.empty() || name == "-" ? "feed" : std::string(name);
}

}  // namespace libmpi
