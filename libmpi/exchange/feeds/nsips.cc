// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/nsips.h"

#include <algorithm>
#include <string>
#include <utility>

#include "libmpi/exchange/feeds/comma_fields.h"
#include "libmpi/exchange/feeds/feed_lines.h"
#include "libmpi/exchange/feeds/feed_text.h"
#include "libmpi/record/check_digits.h"

namespace libmpi {
namespace {

// Columns of record 1 in VER010501.
enum Column : size_t {
  kNumber = 1,
  kKana = 2,
  kName = 3,
  kSex = 4,
  kBirth = 5,
  kPostalCode = 6,
  kAddress = 7,
  kHomePhone = 8,
  kWorkPhone = 9,
  kInsurer = 14,
  kSymbol = 16,
  kInsuredNumber = 17,
  kFirstPublicExpense = 25, // payer, recipient, since when; four times
};
constexpr size_t kPublicExpenses = 4;
// Of the header.
constexpr size_t kPrefecture = 4, kTable = 5, kPharmacy = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsSex(std::string_view text) {
  return text.size() == 1 &&
         std::string_view("12MFmf").find(text[0]) != std::string_view::npos;
}
// Eight digits, seven of which the first is an era, or such with a letter for
// the era or with something between.
bool IsDate(std::string_view text) {
  const auto digits = std::ranges::count_if(text, IsDigit);
  const bool era =
      !text.empty() &&
      std::string_view("MTSHRmtshr").find(text[0]) != std::string_view::npos;
  const bool plain = std::ranges::all_of(text.substr(era ? 1 : 0), [](char c) {
    return IsDigit(c) || c == '/' || c == '-' || c == '.';
  });
  return plain &&
         (digits == 8 || digits == 7 || (era && digits >= 3 && digits <= 6));
}
bool IsInsurer(std::string_view text) {
  return (text.size() == 6 || text.size() == 8) &&
         std::ranges::all_of(text, IsDigit) && InsurerCheckDigitHolds(text);
}

class NsipsParser final : public FeedParser {
public:
  NsipsParser(const FeedOptions &options, FeedSink *sink)
      : options_(options), sink_(*sink), lines_(options.max_line_bytes),
        text_(options) {}

  absl::Status Take(std::string_view bytes) override {
    text_.Begin(bytes);
    lines_.Take(
        bytes,
        [this](uint64_t number, std::string_view line) {
          TakeLine(number, line);
        },
        [this](uint64_t number) {
          sink_.Refuse({number, "", "the line is longer than a line may be"});
        });
    return absl::OkStatus();
  }
  absl::Status End() override {
    lines_.End([this](uint64_t number, std::string_view line) {
      TakeLine(number, line);
    });
    return absl::OkStatus();
  }
  std::string_view encoding() const override { return text_.encoding(); }
  uint64_t malformed_characters() const override {
    return text_.malformed_characters();
  }

private:
  void TakeLine(uint64_t number, std::string_view line) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF"))
      line.remove_prefix(3);
    if (line.starts_with("VER") || line.starts_with("\"VER"))
      TakeHeader(CommaFields(line));
    else if (line.starts_with("1,") || line.starts_with("\"1\","))
      TakePatient(number, CommaFields(line));
  }

  void TakeHeader(const CommaFields &fields) {
    const std::string prefecture = text_.Field(fields[kPrefecture]),
                      code = text_.Field(fields[kPharmacy]);
    std::string table = text_.Field(fields[kTable]);
    if (table.empty())
      table = "4";
    pharmacy_.clear();
    if (!code.empty())
      pharmacy_ =
          (prefecture.size() == 1 ? "0" : "") + prefecture + table + code;
  }

  std::string SourceOf() const {
    if (!options_.source.empty())
      return options_.source;
    return pharmacy_.empty() ? FileStem(options_.path) : pharmacy_;
  }

  // By how many columns what begins at `column` stands to the right (to the
  // left: less than 0), as the first of the places where `is_there` holds, the
  // nearest first; 0 where it holds nowhere.
  template <typename IsThere> static int ShiftOf(const IsThere &is_there) {
    for (const int shift : {0, 1, -1, 2, -2})
      if (is_there(shift))
        return shift;
    return 0;
  }

  void TakePatient(uint64_t line, const CommaFields &fields) {
    if (fields.size() <= kBirth) {
      sink_.Refuse({line, "",
                    "record 1 has fewer than the six fields that say who the "
                    "patient is"});
      return;
    }
    const auto at = [&](size_t column, int shift) {
      return WithoutBlanks(fields[column + static_cast<size_t>(shift)]);
    };
    const int shift = ShiftOf(
        [&](int by) { return IsSex(at(kSex, by)) && IsDate(at(kBirth, by)); });
    const int insurance_shift =
        ShiftOf([&](int by) { return IsInsurer(at(kInsurer, shift + by)); }) +
        shift;
    if (shift != 0 || insurance_shift != 0)
      sink_.Note({line, "", "the columns of record 1 are shifted"});
    const auto text = [&](size_t column, int by) {
      return text_.Field(at(column, by));
    };

    FeedRecord patient;
    patient.line = line;
    Record &record = patient.record;
    // A column too many or too few before the sex is one of the names' or
    // numbers' before it.
    record.key = {SourceOf(), text(kNumber, 0)};
    if (record.key.record_id.empty()) {
      sink_.Refuse({line, "record_id", "the patient has no number"});
      return;
    }
    StatedName name;
    name.full_kana = text(kKana, shift);
    name.full = text(kName, shift);
    if (name != StatedName())
      record.names.push_back(std::move(name));
    const auto add = [](std::string value, std::vector<std::string> *list) {
      if (!value.empty())
        list->push_back(std::move(value));
    };
    add(text(kSex, shift), &record.sexes);
    add(text(kBirth, shift), &record.births);
    StatedAddress address;
    address.postal_code = text(kPostalCode, shift);
    address.full = text(kAddress, shift);
    if (address != StatedAddress())
      record.addresses.push_back(std::move(address));
    add(text(kHomePhone, shift), &record.phones);
    add(text(kWorkPhone, shift), &record.phones);
    AddCoverages(fields, insurance_shift, &record);
    record.Normalize();
    sink_.Take(std::move(patient));
  }

  void AddCoverages(const CommaFields &fields, int shift, Record *record) {
    const auto text = [&](size_t column) {
      return text_.Field(fields[column + static_cast<size_t>(shift)]);
    };
    const auto add = [record](StatedCoverage coverage) {
      if (coverage != StatedCoverage())
        record->coverages.push_back(std::move(coverage));
    };
    add({text(kInsurer), text(kSymbol), text(kInsuredNumber), ""});
    for (size_t i = 0; i < kPublicExpenses; ++i)
      add({text(kFirstPublicExpense + 3 * i), "",
           text(kFirstPublicExpense + 3 * i + 1), ""});
  }

  const FeedOptions options_;
  FeedSink &sink_;
  FeedLines lines_;
  FeedText text_;
  std::string pharmacy_;
};

} // namespace

std::unique_ptr<FeedParser> NewNsipsParser(const FeedOptions &options,
                                           FeedSink *sink) {
  return std::make_unique<NsipsParser>(options, sink);
}

} // namespace libmpi
