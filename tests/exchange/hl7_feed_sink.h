// SPDX-License-Identifier: Apache-2.0
// What readers of HL7 feeds found, as text that tests compare.
#ifndef LIBMPI_TESTS_EXCHANGE_HL7_FEED_SINK_H_
#define LIBMPI_TESTS_EXCHANGE_HL7_FEED_SINK_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exchange/feed_reading.h"
#include "libmpi/exchange/feeds/ss_mix2_tree.h"

namespace libmpi {

// "a|b|c" of what is said, with / between the values of a list.
inline std::string TextOf(const Record& record) {
  std::string text = record.key.ToString();
  const auto list = [&](std::string_view name, const auto& values, const auto& one) {
    for (size_t i = 0; i < values.size(); ++i) text += (i == 0 ? " " + std::string(name) + "=" : "/") + one(values[i]);
  };
  const auto itself = [](const std::string& value) { return value; };
  list("names", record.names, [](const StatedName& n) {
    std::string out;
    for (const std::string* part :
         {&n.full, &n.family, &n.given, &n.full_kana, &n.family_kana, &n.given_kana, &n.latin})
      if (!part->empty()) out += (out.empty() ? "" : "|") + *part;
    return out;
  });
  list("former", record.former_names, itself);
  list("births", record.births, itself);
  list("sexes", record.sexes, itself);
  list("addresses", record.addresses, [](const StatedAddress& a) {
    return a.postal_code + "|" + a.prefecture + "|" + a.city + "|" + a.street + "|" + a.full;
  });
  list("phones", record.phones, itself);
  list("coverages", record.coverages,
       [](const StatedCoverage& c) { return c.insurer + "|" + c.symbol + "|" + c.number + "|" + c.branch; });
  list("care", record.care, [](const StatedCareInsurance& c) { return c.insurer + "|" + c.number; });
  return text;
}

class Hl7FeedSink final : public SsMix2Sink {
 public:
  void Take(FeedRecord&& record) override {
    Add(record.line, (record.withdrawn ? "withdrawn " : "taken ") + TextOf(record.record));
    records.push_back(std::move(record));
  }
  void Refuse(FeedRemark&& remark) override { Add(remark.line, "refused " + remark.field + ": " + remark.reason); }
  void Note(FeedRemark&& remark) override { Add(remark.line, "noted " + remark.field + ": " + remark.reason); }
  void Begin(std::string_view path) override { lines.push_back("file " + std::string(path)); }

  std::vector<std::string> lines;
  std::vector<FeedRecord> records;

 private:
  void Add(uint64_t line, const std::string& text) { lines.push_back(std::to_string(line) + " " + text); }
};

struct Hl7Reading {
  std::vector<std::string> lines;
  std::vector<FeedRecord> records;
  absl::Status status;
  std::string encoding;
  uint64_t malformed = 0;
};

// In pieces of so many bytes; 0: in one.
inline Hl7Reading ReadWith(NewParser new_parser, std::string_view bytes, const FeedOptions& options = {},
                           size_t piece = 0) {
  Hl7FeedSink sink;
  const std::unique_ptr<FeedParser> parser = new_parser(options, &sink);
  Hl7Reading read;
  read.status = TakeInPieces(parser.get(), bytes, piece);
  read.lines = std::move(sink.lines);
  read.records = std::move(sink.records);
  read.encoding = parser->encoding();
  read.malformed = parser->malformed_characters();
  return read;
}

}  // namespace libmpi

#endif  // LIBMPI_TESTS_EXCHANGE_HL7_FEED_SINK_H_
