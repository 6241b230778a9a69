// SPDX-License-Identifier: Apache-2.0
// Reading feeds in tests: in pieces, what was found, as one text a patient.
#ifndef TESTS_EXCHANGE_COMMA_FEED_READING_H_
#define TESTS_EXCHANGE_COMMA_FEED_READING_H_

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

struct FeedFound final : FeedSink {
  std::vector<FeedRecord> taken;
  std::vector<FeedRemark> refused, noted;
  absl::Status status;
  std::string encoding;
  uint64_t malformed = 0;

  void Take(FeedRecord&& record) override { taken.push_back(std::move(record)); }
  void Refuse(FeedRemark&& remark) override { refused.push_back(std::move(remark)); }
  void Note(FeedRemark&& remark) override { noted.push_back(std::move(remark)); }

  // The records by key, with all that the file says of each.
  std::map<RecordKey, Record> ByKey() const {
    std::map<RecordKey, Record> records;
    for (const FeedRecord& one : taken) {
      Record& record = records[one.record.key];
      record.key = one.record.key;
      const auto append = [](const auto& from, auto* to) { to->insert(to->end(), from.begin(), from.end()); };
      append(one.record.names, &record.names);
      append(one.record.former_names, &record.former_names);
      append(one.record.births, &record.births);
      append(one.record.sexes, &record.sexes);
      append(one.record.coverages, &record.coverages);
      append(one.record.care, &record.care);
      append(one.record.addresses, &record.addresses);
      append(one.record.phones, &record.phones);
      record.Normalize();
    }
    return records;
  }
};

using NewParser = std::unique_ptr<FeedParser> (*)(const FeedOptions&, FeedSink*);

// `piece`: bytes at a time, 0 all at once.
inline FeedFound ReadFeed(NewParser parser_of, std::string_view bytes, const FeedOptions& options = {},
                          size_t piece = 0) {
  FeedFound found;
  const std::unique_ptr<FeedParser> parser = parser_of(options, &found);
  const size_t step = piece == 0 ? std::max<size_t>(1, bytes.size()) : piece;
  for (size_t i = 0; i < bytes.size() && found.status.ok(); i += step)
    found.status = parser->Take(bytes.substr(i, step));
  if (found.status.ok()) found.status = parser->End();
  found.encoding = parser->encoding();
  found.malformed = parser->malformed_characters();
  return found;
}

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
inline std::vector<std::string> Shown(const FeedFound& found) {
  std::vector<std::string> texts;
  for (const FeedRecord& one : found.taken) texts.push_back(Shown(one));
  return texts;
}
inline std::vector<std::string> Shown(const std::vector<FeedRemark>& remarks) {
  std::vector<std::string> texts;
  for (const FeedRemark& one : remarks) texts.push_back(std::to_string(one.line) + " " + one.field + ": " + one.reason);
  return texts;
}

inline std::string GoldenFeed(const std::string& path) {
  std::ifstream file(std::string(LIBMPI_SOURCE_DIR) + "/tests/golden/feeds/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Whether two readings found the same.
inline bool SameFound(const FeedFound& a, const FeedFound& b) {
  return Shown(a) == Shown(b) && Shown(a.refused) == Shown(b.refused) && Shown(a.noted) == Shown(b.noted) &&
         a.status == b.status && a.encoding == b.encoding && a.malformed == b.malformed;
}

// A good file with something wrong in some places, always the same for a seed.
inline std::string Mutated(std::string bytes, std::mt19937* random) {
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
