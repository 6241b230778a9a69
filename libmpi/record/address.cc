// SPDX-License-Identifier: Apache-2.0
// Postal code, prefecture, municipality; what lies inside is street.cc's.
#include "libmpi/record/address.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libmpi/record/folded_text.h"
#include "libmpi/record/street.h"
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
      if (row.size() != 2 || row[0].size() != 2) continue;
      const std::string name = FoldKanji(row[1]);
      const uint8_t code = static_cast<uint8_t>((row[0][0] - '0') * 10 + (row[0][1] - '0'));
      out->push_back({name, code == 1 ? name : name.substr(0, name.size() - 3), code});
    }
    return out;
  }();
  return *list;
}

// Takes a whole prefecture's name off the front of a folded text.
uint8_t TakePrefecture(std::string* text) {
  auto ends_at = [text](size_t pos) {
    const std::string_view at = std::string_view(*text).substr(std::min(pos, text->size()), 3);
    return at == "都" || at == "道" || at == "府" || at == "県";
  };
  if (!ends_at(6) && !ends_at(9)) return 0;
  for (const Prefecture& p : Prefectures())
    if (StartsWith(*text, p.name)) {
      text->erase(0, p.name.size());
      return p.code;
    }
  return 0;
}

// The prefecture's own field: with its ending or without, or its JIS code.
uint8_t ParsePrefecture(std::string_view text) {
  if (text.empty()) return 0;
  auto find = [](std::string_view name) -> uint8_t {
    for (const Prefecture& p : Prefectures())
      if (name == p.name || name == p.short_name) return p.code;
    return 0;
  };
  if (const uint8_t code = find(text)) return code;
  const std::string folded = FoldKanji(Capped(text));
  if (AllDigits(folded) && folded.size() <= 2) {
    const int code = folded.size() == 1 ? folded[0] - '0' : (folded[0] - '0') * 10 + folded[1] - '0';
    return code <= 47 ? static_cast<uint8_t>(code) : 0;
  }
  return find(folded);
}

// Cities with a 郡, 町, 村 or second 市 inside their names, and towns with a 市: the first of these
// letters does not end them. FoldKanji keys.
constexpr std::string_view kWholeNames[] = {
    "郡山市",   "大和郡山市", "小郡市",     "蒲郡市",   "郡上市", "四日市市", "廿日市市", "野野市市",
    "八日市場市", "八日市市",   "十日町市",   "大町市",   "村山市", "東村山市", "武蔵村山市", "羽村市",
    "村上市",   "大村市",     "田村市",     "中村市",   "町田市", "玉村町",   "村田町",   "市川市",
    "市原市",   "市貝町",     "上市町",     "下市町",   "市川三郷町", "市川町", "余市町",   "大町町"};

// Districts (郡) whose own names hold an ending.
constexpr std::string_view kOddDistricts[] = {"余市郡", "高市郡", "北村山郡", "西村山郡", "東村山郡", "南村山郡"};

// The cities that have wards.
constexpr std::string_view kWardedCities[] = {
    "札幌市", "仙台市", "サイタマ市", "千葉市", "横浜市", "川崎市", "相模原市", "新潟市",   "静岡市", "浜松市",
    "名古屋市", "京都市", "大阪市",   "堺市",   "神戸市", "岡山市", "広島市",   "北九州市", "福岡市", "熊本市"};

// Length of the district before a town or village: "西多摩郡瑞穂町" has one of 12 bytes; 0: none.
size_t DistrictLength(std::string_view text) {
  for (std::string_view odd : kOddDistricts)
    if (StartsWith(text, odd)) return odd.size();
  for (size_t pos = 0; pos < text.size() && pos <= 15; ) {
    const size_t begin = pos;
    NextCodePoint(text, &pos);
    const std::string_view letter = text.substr(begin, pos - begin);
    if (letter == "郡") return begin == 0 ? 0 : pos;
    if (letter == "市" || letter == "区" || letter == "町" || letter == "村") return 0;
  }
  return 0;
}

// Length of a listed municipality at the front; 0: none.
size_t WholeNameLength(std::string_view text) {
  for (std::string_view whole : kWholeNames)
    if (StartsWith(text, whole)) return whole.size();
  return 0;
}

// Length of a municipality's name at the front, up to 市, 区, 町 or 村; 0: none.
size_t CityLength(std::string_view text) {
  for (size_t pos = 0; pos < text.size() && pos <= 18;) {
    const size_t begin = pos;
    NextCodePoint(text, &pos);
    const std::string_view letter = text.substr(begin, pos - begin);
    if (IsAsciiDigit(letter[0])) return 0;
    if (begin > 0 && (letter == "市" || letter == "区" || letter == "町" || letter == "村")) return pos;
  }
  return 0;
}

size_t WardLength(std::string_view city, std::string_view rest) {
  if (std::find(std::begin(kWardedCities), std::end(kWardedCities), city) == std::end(kWardedCities))
    return 0;
  const size_t at = rest.find("区");
  return at != std::string_view::npos && at > 0 && at <= 12 ? at + 3 : 0;
}

// Takes a municipality with its ward off the front; 郡 is dropped.
std::string TakeCity(std::string* text) {
  const size_t whole = WholeNameLength(*text);
  const size_t district = whole > 0 ? 0 : DistrictLength(*text);
  const std::string_view inside = std::string_view(*text).substr(district);
  const size_t after_district = district > 0 ? WholeNameLength(inside) : whole;
  const size_t length = after_district > 0 ? after_district : CityLength(inside);
  if (length == 0) return "";
  const size_t ward = WardLength(inside.substr(0, length), inside.substr(length));
  std::string city(inside.substr(0, length + ward));
  text->erase(0, district + length + ward);
  return city;
}

// ケ and の in place names come and go in shape: 霞が関, 霞ヶ関, 霞ケ関; 丸の内, 丸ノ内, 丸之内.
void UnifyPlace(std::string* text) {
  ReplaceAll("ケ", "ガ", text);
  ReplaceAll("之", "ノ", text);
}

// The way most write it: 1000013, or with a hyphen, which `DigitsOnly` takes.
bool PlainDigits(std::string_view text) { return text.size() <= 7 && AllDigits(text); }

std::string ParsePostalCode(std::string_view text, std::vector<Finding>* findings) {
  if (text.empty()) return "";
  std::string digits = PlainDigits(text) ? std::string(text) : DigitsOnly(Capped(text));
  // Seven; a spreadsheet may have eaten zeros; four are other countries'.
  if (digits.size() >= 4 && digits.size() < 7) digits.insert(0, 7 - digits.size(), '0');
  if (digits.size() == 7 && !AllSame(digits)) return digits;
  if (!digits.empty() || !SaysUnknown(text))
    findings->push_back({FindingCode::kPostalUnreadable, "postal_code"});
  return "";
}

// "〒100-0013 ..." before a whole address.
void TakePostalCode(std::string* text, std::string* postal_code) {
  size_t pos = StartsWith(*text, "〒") ? 3 : 0;
  std::string digits;
  for (; pos < text->size() && digits.size() < 7; ++pos) {
    const char c = (*text)[pos];
    if (IsAsciiDigit(c)) digits += c;
    else if (c != '-' && c != '/' && c != ' ') break;
  }
  if (digits.size() != 7) return;
  while (pos < text->size() && ((*text)[pos] == '/' || (*text)[pos] == ' ')) ++pos;
  text->erase(0, pos);
  if (postal_code->empty()) *postal_code = digits;
}

// A kanji of the main block, which no folding makes something else.
bool HasPlainKanji(std::string_view text) {
  for (size_t i = 0; i + 2 < text.size(); ++i)
    if (text[i] >= '\xE5' && text[i] <= '\xE9' && (text[i + 1] & 0xC0) == 0x80 && (text[i + 2] & 0xC0) == 0x80) return true;
  return false;
}

bool IsLatin(std::string_view text) {
  if (IsAscii(text)) return true;
  text = Capped(text);
  if (HasPlainKanji(text)) return false;
  const Script script = ScriptOf(text);
  return script == Script::kLatin || script == Script::kNone;
}

// What the fields of prefecture and city say by themselves.
struct Area {
  uint8_t prefecture = 0;       // of its field
  uint8_t city_prefecture = 0;  // before the city; 0: none
  std::string city;             // folded, that prefecture off
  std::string municipality;     // of it
  std::string rest;             // what is left of it
};

Area ReadArea(std::string_view prefecture, std::string_view city) {
  Area out;
  out.prefecture = ParsePrefecture(prefecture);
  out.city = IsAscii(city) ? FoldLatin(city) : FoldKanji(Capped(city));
  out.city_prefecture = TakePrefecture(&out.city);
  out.rest = out.city;
  out.municipality = TakeCity(&out.rest);
  if (out.municipality.empty()) std::swap(out.municipality, out.rest);
  return out;
}

// A few thousand areas make up a region: each is worked out once a thread.
const Area& AreaOf(std::string_view prefecture, std::string_view city) {
  constexpr size_t kMost = 1 << 14, kLongest = 200;
  thread_local absl::flat_hash_map<std::string, std::unique_ptr<Area>> memo;
  thread_local std::string key;
  thread_local Area long_one;
  if (prefecture.size() + city.size() > kLongest) return long_one = ReadArea(prefecture, city);
  key.assign(prefecture).append(1, '\0').append(city);
  if (memo.size() > kMost) memo.clear();
  std::unique_ptr<Area>& area = memo[key];
  if (area == nullptr) area = std::make_unique<Area>(ReadArea(prefecture, city));
  return *area;
}

void ParseJapanese(const StatedAddressView& stated, AddressFeatures* out) {
  const Area& area = AreaOf(stated.prefecture, stated.city);
  out->prefecture = area.prefecture;
  std::string street = FoldStreet(stated.full.empty() ? stated.street : stated.full);
  if (!stated.full.empty()) TakePostalCode(&street, &out->postal_code);
  if (const uint8_t code = TakePrefecture(&street)) out->prefecture = code;
  if (area.city_prefecture != 0) out->prefecture = area.city_prefecture;
  if (area.city.empty()) {
    out->city = TakeCity(&street);
  } else {
    out->city = area.municipality;
    const std::string &city = area.city, &rest = area.rest;
    if (StartsWith(street, city)) street.erase(0, city.size());
    else if (StartsWith(street, out->city)) street.erase(0, out->city.size());
    if (rest.empty()) {
      const size_t ward = WardLength(out->city, street);
      out->city += street.substr(0, ward);
      street.erase(0, ward);
    } else {
      street.insert(0, rest);
    }
  }
  SplitStreet(street, out);
  UnifyPlace(&out->city);
  UnifyPlace(&out->town);
}

}  // namespace

AddressFeatures ParseAddress(const StatedAddressView& stated, std::vector<Finding>* findings) {
  AddressFeatures out;
  out.postal_code = ParsePostalCode(stated.postal_code, findings);
  const bool latin = IsLatin(stated.full) && IsLatin(stated.street) && IsLatin(stated.city) &&
                     !(stated.full.empty() && stated.street.empty() && stated.city.empty());
  if (latin) {
    out.city = FoldLatin(Capped(stated.city));
    SplitLatinStreet(stated.full.empty() ? stated.street : stated.full, &out);
  } else {
    ParseJapanese(stated, &out);
  }
  return out;
}

}  // namespace libmpi
