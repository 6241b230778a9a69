// SPDX-License-Identifier: Apache-2.0
// What a reader of feeds finds, kept for tests.
#ifndef LIBMPI_TESTS_EXCHANGE_FEED_READING_H_
#define LIBMPI_TESTS_EXCHANGE_FEED_READING_H_

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

using NewParser = std::unique_ptr<FeedParser> (*)(const FeedOptions&, FeedSink*);

// Adds what is said of a key to what was.
inline void AddStatements(const Record& said, std::map<RecordKey, Record>* all) {
  Record& to = (*all)[said.key];
  to.key = said.key;
  const auto add = [](const auto& from, auto* list) { list->insert(list->end(), from.begin(), from.end()); };
  add(said.names, &to.names);
  add(said.former_names, &to.former_names);
  add(said.births, &to.births);
  add(said.sexes, &to.sexes);
  add(said.coverages, &to.coverages);
  add(said.care, &to.care);
  add(said.addresses, &to.addresses);
  add(said.phones, &to.phones);
  to.Normalize();
}

struct Reading final : FeedSink {
  void Take(FeedRecord&& record) override { records.push_back(std::move(record)); }
  void Refuse(FeedRemark&& remark) override { Keep("refused ", std::move(remark), &refused); }
  void Note(FeedRemark&& remark) override { Keep("note ", std::move(remark), &notes); }

  // Every remark in one text, the refusals first.
  std::string Remarks() const {
    std::string out;
    for (const auto* list : {&refused, &notes})
      for (const FeedRemark& r : *list) out += Said(list == &refused ? "refused " : "note ", r) + "\n";
    return out;
  }
  // All that is said beside records.
  std::string Messages() const {
    std::string out(status.message());
    for (const std::string& remark : remarks) out += "\n" + remark;
    return out;
  }
  // Records of one key as one, as whoever reads feeds makes of them.
  std::map<RecordKey, Record> ByKey() const {
    std::map<RecordKey, Record> all;
    for (const FeedRecord& said : records) AddStatements(said.record, &all);
    return all;
  }

  std::vector<FeedRecord> records;
  std::vector<FeedRemark> refused, notes;
  std::vector<std::string> remarks;  // "refused 1 record_id: ...", "note ...", as they came
  absl::Status status;
  std::string encoding;
  uint64_t malformed = 0;

 private:
  static std::string Said(std::string_view kind, const FeedRemark& r) {
    return std::string(kind) + std::to_string(r.line) + " " + r.field + ": " + r.reason;
  }
  void Keep(std::string_view kind, FeedRemark&& remark, std::vector<FeedRemark>* list) {
    remarks.push_back(Said(kind, remark));
    list->push_back(std::move(remark));
  }
};

// In pieces of so many bytes; 0: in one. Each is a copy: who reads beyond it is found out.
inline absl::Status TakeInPieces(FeedParser* parser, std::string_view bytes, size_t piece) {
  absl::Status status;
  if (piece == 0) piece = SIZE_MAX;
  for (size_t at = 0; at < bytes.size() && status.ok(); at += std::min(piece, bytes.size() - at))
    status = parser->Take(std::string(bytes.substr(at, piece)));
  return status.ok() ? parser->End() : status;
}

inline Reading ReadFeed(NewParser parser_of, std::string_view bytes, const FeedOptions& options = {},
                        size_t piece = 0) {
  Reading reading;
  const std::unique_ptr<FeedParser> parser = parser_of(options, &reading);
  reading.status = TakeInPieces(parser.get(), bytes, piece);
  reading.encoding = parser->encoding();
  reading.malformed = parser->malformed_characters();
  return reading;
}

inline std::string GoldenPath(const std::string& name) { return LIBMPI_SOURCE_DIR "/tests/golden/feeds/" + name; }
inline std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}
inline std::string Golden(const std::string& name) { return BytesOf(GoldenPath(name)); }

// The same, whatever the pieces are in which it comes.
inline void ExpectSameInPieces(NewParser parser_of, std::string_view bytes, const FeedOptions& options) {
  const Reading whole = ReadFeed(parser_of, bytes, options);
  for (const size_t piece : {1, 7, 4096}) {
    const Reading pieces = ReadFeed(parser_of, bytes, options, piece);
    EXPECT_EQ(pieces.status, whole.status);
    EXPECT_EQ(pieces.Remarks(), whole.Remarks());
    EXPECT_EQ(pieces.encoding, whole.encoding);
    ASSERT_EQ(pieces.records.size(), whole.records.size()) << piece;
    for (size_t i = 0; i < whole.records.size(); ++i) {
      EXPECT_EQ(pieces.records[i].record, whole.records[i].record);
      EXPECT_EQ(pieces.records[i].line, whole.records[i].line);
    }
  }
}

// Of this process's own time: the machine may have other work.
inline double SecondsSince(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / static_cast<double>(CLOCKS_PER_SEC);
}

// One of a handful of damages, at random.
inline std::string Mutated(std::string bytes, std::mt19937* random) {
  const auto below = [&](size_t n) { return n == 0 ? 0 : (*random)() % n; };
  for (size_t times = 1 + below(4); times > 0; --times) {
    const size_t at = below(bytes.size());
    switch (below(6)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:
        bytes.erase(at, below(8));
        break;
      case 3:
        bytes.insert(at, bytes.substr(below(bytes.size()), below(64)));
        break;
      default:
        if (!bytes.empty()) bytes[at] = static_cast<char>(below(256));
    }
  }
  return bytes;
}

// Records with all that a patient list may say, in many forms.
inline std::vector<Record> ManyRecords(size_t count) {
  const std::vector<StatedName> names = {{"山田 太郎", "", "", "ヤマダ　タロウ", "", "", ""},
                                         {"", "髙橋", "𠮷子", "", "タカハシ", "ヨシコ", "TAKAHASHI, YOSHIKO"},
                                         {"", "", "", "ﾔﾏﾓﾄ ｻｸﾗ", "", "", ""},
                                         {"GARCIA MARIA", "", "", "ガルシア　マリア", "", "", ""},
                                         {"", "", "", "", "", "", "KIM, MINSU"},
                                         {"山崎弥三郎", "", "", "", "", "", "YAMAZAKI YASABURO"},
                                         {"佐々木〜花子", "佐々木", "花", "ササキハナ", "", "", ""},
                                         {"", "石田", "", "", "イシダ", "", ""},
                                         {"丂 一", "", "", "", "", "", ""},
                                         {"\"引用\\符\", {}", "", "", "", "", "", ""}};
  const std::vector<std::string> births = {"1970-01-01", "昭和45年1月1日", "S45.01.01", "19880229", "不明", ""};
  const std::vector<std::string> sexes = {"男", "2", "F", "その他", "不明", ""};
  const std::vector<StatedCoverage> cards = {{"138057", "", "１２３", ""},
                                             {"01130012", "１２－３４", "５６７８", "1"},
                                             {"", "記:号", "番号9", "02"},
                                             {"39131010", "", "12345678", ""}};
  const std::vector<StatedAddress> addresses = {{"100-0000", "東京都", "架空区", "見本町1-2-3　例示荘", ""},
                                                {"", "", "", "", "大阪府仮市試町四丁目五"},
                                                {"1000000", "", "", "", ""},
                                                {"", "高知県", "仮市", "", "高知県仮市五台4200-6"}};
  std::mt19937 random(7);
  const auto maybe = [&](const auto& from, auto* list) {
    for (size_t n = random() % 3; n > 0; --n)
      if (const auto& value = from[random() % from.size()];
          value != typename std::decay_t<decltype(from)>::value_type())
        list->push_back(value);
  };
  std::vector<Record> out;
  for (size_t i = 0; i < count; ++i) {
    Record record;
    record.key = {"1312345670", (i % 7 == 0 ? "番号/" : "P") + std::to_string(i)};
    maybe(names, &record.names);
    maybe(births, &record.births);
    maybe(sexes, &record.sexes);
    maybe(cards, &record.coverages);
    maybe(addresses, &record.addresses);
    if (random() % 3 == 0) record.former_names.push_back(random() % 2 == 0 ? "石田" : "本木 花子");
    if (random() % 3 == 0) record.care.push_back({"131011", "000012345" + std::to_string(random() % 10)});
    if (random() % 2 == 0) record.phones.push_back("03-0000-" + std::to_string(1000 + i % 9000));
    if (random() % 4 == 0) record.phones.push_back("０９０（００００）１２３４");
    record.Normalize();
    out.push_back(std::move(record));
  }
  return out;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_EXCHANGE_FEED_READING_H_
