// SPDX-License-Identifier: Apache-2.0
// What readers of UKE and NSIPS find in tests, as one text a patient.
#ifndef TESTS_EXCHANGE_COMMA_FEED_READING_H_
#define TESTS_EXCHANGE_COMMA_FEED_READING_H_

#include <algorithm>
#include <chrono>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/feed_reading.h"

namespace libmpi {

// "LINE SOURCE:ID full/kana; birth; sex; insurer,symbol,number,branch; postal,address; phone", each list between bars.
inline std::string Shown(const FeedRecord& found) {
  const Record& r = found.record;
  std::string text = std::to_string(found.line) + " " + r.key.ToString();
  const auto join = [&text](const auto& list, const auto& shown) {
    text += " |";
    for (const auto& one : list) text += " " + shown(one);
  };
  const auto itself = [](const std::string& one) { return one; };
  join(r.names, [](const StatedName& n) { return n.full + "/" + n.full_kana; });
  join(r.births, itself);
  join(r.sexes, itself);
  join(r.coverages,
       [](const StatedCoverage& c) { return c.insurer + "," + c.symbol + "," + c.number + "," + c.branch; });
  if (!r.addresses.empty()) join(r.addresses, [](const StatedAddress& a) { return a.postal_code + "," + a.full; });
  if (!r.phones.empty()) join(r.phones, itself);
  return text;
}
inline std::vector<std::string> Shown(const Reading& found) {
  std::vector<std::string> texts;
  for (const FeedRecord& one : found.records) texts.push_back(Shown(one));
  return texts;
}
inline std::vector<std::string> Shown(const std::vector<FeedRemark>& remarks) {
  std::vector<std::string> texts;
  for (const FeedRemark& one : remarks) texts.push_back(std::to_string(one.line) + " " + one.field + ": " + one.reason);
  return texts;
}

// Whether two readings found the same.
inline bool SameFound(const Reading& a, const Reading& b) {
  return Shown(a) == Shown(b) && Shown(a.refused) == Shown(b.refused) && Shown(a.notes) == Shown(b.notes) &&
         a.status == b.status && a.encoding == b.encoding && a.malformed == b.malformed;
}

// A good file with something wrong in some places, always the same for a seed.
inline std::string MutatedLines(std::string bytes, std::mt19937* random) {
  const auto below = [random](size_t n) { return n == 0 ? 0 : (*random)() % n; };
  for (size_t changes = 1 + below(8); changes > 0; --changes) {
    const size_t at = below(bytes.size());
    switch (below(7)) {
      case 0: bytes.insert(at, 1, static_cast<char>((*random)())); break;
      case 1: bytes.erase(at, 1 + below(20)); break;
      case 2:
        if (!bytes.empty()) bytes[at] = static_cast<char>((*random)());
        break;
      case 3: bytes.insert(at, bytes.substr(below(bytes.size()), below(100))); break;
      case 4: bytes.insert(at, 1, ",\r\n\"\x1a\x1b\0 "[below(8)]); break;
      case 5: bytes.insert(at, std::string(below(300), ',')); break;
      default: bytes.resize(at); break;
    }
  }
  return bytes;
}

// Damaged files are read or refused, soon, whole as in pieces; what is said of them is plain.
inline void ExpectDamagedFilesRead(NewParser parser_of, const std::vector<std::string>& good, size_t max_line_bytes) {
  std::mt19937 random(1);
  FeedOptions options;
  options.max_line_bytes = max_line_bytes;
  for (size_t i = 0; i < 4000; ++i) {
    const std::string bytes = MutatedLines(good[i % good.size()], &random);
    const auto begin = std::chrono::steady_clock::now();
    const Reading found = ReadFeed(parser_of, bytes, options);
    EXPECT_TRUE(SameFound(ReadFeed(parser_of, bytes, options, 1 + random() % 100), found));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
    EXPECT_LE(found.records.size() + found.refused.size(), bytes.size());
    for (const FeedRecord& one : found.records) EXPECT_FALSE(one.record.key.record_id.empty());
    for (const auto* remarks : {&found.refused, &found.notes})
      for (const FeedRemark& remark : *remarks)
        EXPECT_TRUE(std::ranges::all_of(remark.reason, [](char c) { return c >= ' ' && c <= '~'; }));
  }
}

// Records such as facilities have, and some that they should not have.
inline Record RandomRecord(std::mt19937* random, size_t number) {
  const auto pick = [random](const auto& list) { return std::string(list[(*random)() % std::size(list)]); };
  const auto maybe = [random, &pick](const auto& list) { return (*random)() % 4 == 0 ? std::string() : pick(list); };
  static constexpr const char* kFamilies[] = {"髙橋", "﨑山", "𠮷田", "ソ能表", "山田", "Smith", "王", "a,b", "\"q\""};
  static constexpr const char* kGivens[] = {"一郎", "さくら", "ヨネ", "健〓", "Anna", "〜美", "太\n郎"};
  static constexpr const char* kKana[] = {"タカハシ イチロウ", "ﾀｶﾊｼ ｲﾁﾛｳ", "さくら", "ヴァンサン", "ミキ", "ﾐｷ"};
  static constexpr const char* kBirths[] = {"19800102",       "1980-01-02", "S55.1.2", "3550102",
                                            "昭和55年1月2日", "1980-01",    "不明"};
  static constexpr const char* kSexes[] = {"1", "2", "M", "女", "F", "male", "9"};
  static constexpr const char* kInsurers[] = {"01130012", "138057", "06130017", "39131008", "00138057", "1234"};
  static constexpr const char* kPayers[] = {"54136015", "80130016", "12130019"};
  static constexpr const char* kSymbols[] = {"１－２３", "ア１", "", "12", "国,保"};
  static constexpr const char* kBranches[] = {"", "", "00", "02"};
  static constexpr const char* kCities[] = {"港区", "横浜市中区", "能登町"};
  static constexpr const char* kStreets[] = {"芝１－２－３", "1-2-3 メゾン, 101"};
  Record r;
  r.key = {"H1", "P" + std::to_string(number)};
  for (size_t n = (*random)() % 3; n > 0; --n) {
    StatedName name;
    switch ((*random)() % 4) {
      case 0: name.full = pick(kFamilies) + " " + pick(kGivens); break;
      case 1: name.family = pick(kFamilies), name.given = maybe(kGivens); break;
      case 2: name.latin = "SMITH ANNA"; break;
      default: break;
    }
    if ((*random)() % 3 != 0) name.full_kana = pick(kKana);
    else if ((*random)() % 2 == 0) name.family_kana = "タナカ", name.given_kana = "ジロウ";
    if (name != StatedName()) r.names.push_back(name);
  }
  if ((*random)() % 8 != 0) r.births.push_back(pick(kBirths));
  if ((*random)() % 8 != 0) r.sexes.push_back(pick(kSexes));
  if ((*random)() % 8 == 0) r.sexes.push_back(pick(kSexes));
  for (size_t n = (*random)() % 3; n > 0; --n)
    r.coverages.push_back({pick(kInsurers), pick(kSymbols), std::to_string((*random)() % 10000), pick(kBranches)});
  for (size_t n = (*random)() % 6; n > 3; --n)
    r.coverages.push_back({pick(kPayers), "", "012345" + std::to_string((*random)() % 10), ""});
  for (size_t n = (*random)() % 3; n > 0; --n) {
    StatedAddress address;
    address.postal_code = (*random)() % 2 == 0 ? "105-0014" : "";
    if ((*random)() % 2 == 0) address.full = "東京都" + pick(kCities) + pick(kStreets);
    else address.prefecture = "東京都", address.city = pick(kCities), address.street = maybe(kStreets);
    r.addresses.push_back(address);
  }
  for (size_t n = (*random)() % 4; n > 0; --n)
    r.phones.push_back("03-1234-" + std::to_string(1000 + (*random)() % 9000));
  r.Normalize();
  return r;
}

}  // namespace libmpi

#endif  // TESTS_EXCHANGE_COMMA_FEED_READING_H_
