// SPDX-License-Identifier: Apache-2.0
// Japanese addresses, and plain ones in Latin letters.
#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/record/standardize.h"
#include "libmpi/text/fold.h"
#include "libmpi/text/tables.h"

namespace libmpi {
namespace {

struct Prefecture {
  std::string name;        // FoldKanji: 東京都
  std::string short_name;  // 東京; 北海道 keeps its whole name
  uint8_t code;
};

const std::vector<Prefecture>& Prefectures() {
  static const auto* const list = [] {
    auto* out = new std::vector<Prefecture>();
    for (const auto& row : ParseTsv(EmbeddedTable("prefectures.tsv"))) {
      if (row.size() != 2) continue;
      const std::string name = FoldKanji(row[1]);
      const uint8_t code = static_cast<uint8_t>((row[0][0] - '0') * 10 + (row[0][1] - '0'));
      out->push_back({name, code == 1 ? name : name.substr(0, name.size() - 3), code});
    }
    return out;
  }();
  return *list;
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// Whether 都, 道, 府 or 県 stands where a prefecture's name ends: most texts have none there.
bool MayStartWithPrefecture(std::string_view text) {
  for (size_t at : {size_t{6}, size_t{9}})
    for (std::string_view end : {"県", "都", "府", "道"})
      if (text.size() >= at + 3 && std::memcmp(text.data() + at, end.data(), 3) == 0) return true;
  return false;
}

// Takes a prefecture off the front; `alone`: the short form counts as well.
uint8_t TakePrefecture(std::string* text, bool alone) {
  if (!alone && !MayStartWithPrefecture(*text)) return 0;
  for (const Prefecture& p : Prefectures()) {
    if (StartsWith(*text, p.name)) {
      text->erase(0, p.name.size());
      return p.code;
    }
    if (alone && *text == p.short_name) {
      text->clear();
      return p.code;
    }
  }
  return 0;
}

// Takes a municipality off the front: up to 市 (and a ward after it), 区, 町, 村; 郡 is dropped.
std::string TakeCity(std::string* text) {
  const size_t gun = text->find("郡");
  if (gun != std::string::npos && gun > 0 && gun <= 12) {
    const size_t rest = gun + 3;
    const size_t end = text->find("町", rest) != std::string::npos ? text->find("町", rest)
                                                                  : text->find("村", rest);
    if (end != std::string::npos && end - rest <= 15) {
      std::string city = text->substr(rest, end + 3 - rest);
      text->erase(0, end + 3);
      return city;
    }
  }
  for (std::string_view suffix : {"市", "区", "町", "村"}) {
    size_t end = text->find(suffix, 3);
    if (end == std::string::npos || end > 18) continue;
    // 四日市市, 廿日市市: the second 市 ends the name.
    if (suffix == "市" && StartsWith(std::string_view(*text).substr(end + 3), "市")) end += 3;
    size_t stop = end + 3;
    if (suffix == "市") {  // a ward of a large city
      const size_t ward = text->find("区", stop);
      if (ward != std::string::npos && ward - stop <= 12) stop = ward + 3;
    }
    std::string city = text->substr(0, stop);
    text->erase(0, stop);
    return city;
  }
  return "";
}

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

// Whether the text at `pos` joins two numbers of an address, and its length:
// 丁目 番地 番 号 の ノ ー -.
size_t JoinLength(std::string_view text, size_t pos) {
  size_t n = 0;
  for (bool more = true; more;) {
    more = false;
    for (std::string_view join : {"丁目", "丁", "番地", "番", "号", "地", "の", "ノ", "ー", "-", "−", " "})
      if (StartsWith(text.substr(pos + n), join)) {
        n += join.size();
        more = true;
      }
  }
  return n;
}

// Kanji numerals that number a block to digits: those before 丁目, 番, 号, の, a
// hyphen or the end. 三宅 and 八丁堀 are names and stay.
std::string NumberBlocks(std::string_view text) {
  static constexpr std::string_view kNumerals = "〇一二三四五六七八九十百";
  std::string out;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    // Three bytes a numeral; a match across two of them is none.
    while (end + 3 <= text.size()) {
      const size_t at = kNumerals.find(text.substr(end, 3));
      if (at == std::string_view::npos || at % 3 != 0) break;
      end += 3;
    }
    if (end == i) {
      out += text[i++];
      continue;
    }
    const std::string_view after = text.substr(end);
    bool counts = after.empty() && i > 0;
    for (std::string_view mark : {"丁目", "番地", "番", "号", "の", "ノ", "-", "ー"})
      counts = counts || StartsWith(after, mark);
    if (StartsWith(after, "番町")) counts = false;  // 一番町 is a name
    out += counts ? FoldKanjiNumerals(text.substr(i, end - i)) : std::string(text.substr(i, end - i));
    i = end;
  }
  return out;
}

// Splits "霞が関2丁目1番1号マンション101" into town, "2-1-1" and the rest.
void SplitStreet(std::string_view text, AddressFeatures* out) {
  size_t first = 0;
  while (first < text.size() && !IsAsciiDigit(text[first])) ++first;
  out->town = std::string(text.substr(0, first));
  size_t pos = first;
  int numbers = 0;
  while (pos < text.size() && IsAsciiDigit(text[pos]) && numbers < 4) {
    size_t end = pos;
    while (end < text.size() && IsAsciiDigit(text[end])) ++end;
    std::string_view digits = text.substr(pos, end - pos);
    while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
    // A storey or a room is not a block.
    const std::string_view after = text.substr(end);
    if (numbers > 0 && (StartsWith(after, "F") || StartsWith(after, "階") || StartsWith(after, "号室")))
      break;
    if (!out->numbers.empty()) out->numbers += '-';
    out->numbers += digits;
    ++numbers;
    const size_t join = JoinLength(text, end);
    pos = end + join;
    if (join == 0 || (pos < text.size() && !IsAsciiDigit(text[pos]))) break;
  }
  out->building = std::string(text.substr(std::min(pos, text.size())));
}

void DropWords(std::string* town) {
  for (std::string_view word : {"大字", "小字", "字"})
    for (size_t at; (at = town->find(word)) != std::string::npos;) town->erase(at, word.size());
  while (!town->empty() && (town->back() == '-' || town->back() == ' ')) town->pop_back();
}

// Addresses in Latin letters: "12 miller street" as town MILLER STREET, numbers 12.
void SplitLatin(std::string_view street, AddressFeatures* out) {
  const std::string folded = FoldLatin(street);
  std::string word;
  auto flush = [&] {
    if (word.empty()) return;
    const bool number = IsAsciiDigit(word[0]);
    std::string* target = number ? &out->numbers : &out->town;
    if (!target->empty()) *target += number ? '-' : ' ';
    *target += word;
    word.clear();
  };
  for (char c : folded) {
    if (c == ' ') flush();
    else word += c;
  }
  flush();
}

bool IsLatin(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string FoldPlace(std::string_view text) {
  return IsLatin(text) ? FoldLatin(text) : FoldKanji(FoldWidth(text));
}

// ケ in place names comes and goes in shape: 霞が関, 霞ヶ関, 霞ケ関. The kanji key
// has ガ for が and ケ for ヶ; a ケ between kanji is taken for the first.
std::string UnifyGa(std::string text) {
  for (std::string_view small : {"ケ", "ヶ"})
    for (size_t at = 0; (at = text.find(small, at)) != std::string::npos;) text.replace(at, 3, "ガ");
  return text;
}

}  // namespace

AddressFeatures ParseAddress(const StatedAddress& stated, std::vector<Finding>* findings) {
  AddressFeatures out;
  const std::string postal = DigitsOnly(stated.postal_code);
  if (postal.size() == 7 && postal != "0000000") out.postal_code = postal;
  else if (postal.size() >= 3 && postal.size() <= 6 && IsLatin(stated.postal_code))
    out.postal_code = std::string(7 - postal.size(), '0') + postal;
  else if (!postal.empty()) findings->push_back({FindingCode::kPostalUnreadable, "postal_code"});

  const std::string whole = stated.full + stated.street;
  if (!whole.empty() && IsLatin(whole) && IsLatin(stated.city)) {
    out.city = FoldLatin(stated.city);
    SplitLatin(whole, &out);
    return out;
  }
  std::string prefecture = FoldPlace(stated.prefecture);
  out.prefecture = TakePrefecture(&prefecture, true);
  std::string city = FoldPlace(stated.city);
  if (const uint8_t code = TakePrefecture(&city, false)) out.prefecture = code;
  std::string street = FoldKanji(NumberBlocks(FoldWidth(stated.full.empty() ? stated.street : stated.full)));
  if (const uint8_t code = TakePrefecture(&street, false)) out.prefecture = code;
  if (!city.empty()) {
    std::string rest = city;
    std::string named = IsLatin(city) ? city : TakeCity(&rest);
    out.city = named.empty() ? city : named;
    if (!named.empty() && !IsLatin(city) && !rest.empty()) street = rest + street;
    if (StartsWith(street, out.city)) street.erase(0, out.city.size());
  } else {
    out.city = TakeCity(&street);
  }
  out.city = UnifyGa(std::move(out.city));
  SplitStreet(street, &out);
  DropWords(&out.town);
  out.town = UnifyGa(std::move(out.town));
  return out;
}

}  // namespace libmpi
