// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/uke.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/comma_fields.h"
#include "libmpi/exchange/feeds/feed_lines.h"
#include "libmpi/exchange/feeds/feed_text.h"

namespace libmpi {
namespace {

constexpr size_t kNowhere = SIZE_MAX;

// Where RE says what differs between kinds of claims; the name, sex and birth
// date are fields 4, 5 and 6 of all.
struct ReceiptLayout {
  size_t local_number = kNowhere;
  size_t kana = kNowhere;
};
constexpr ReceiptLayout kMedical{13, 36}, kDental{15, 25}, kPharmacy{35, 41};

constexpr std::string_view kPharmacyTable = "4", kDentalTable = "3",
                           kNursingTable = "6";

bool IsKatakana(std::string_view utf8) {
  // U+30A1..U+30FC in UTF-8 are E3 82 A1 to E3 83 BC.
  if (utf8.empty() || utf8.size() % 3 != 0)
    return false;
  for (size_t i = 0; i < utf8.size(); i += 3) {
    const std::string_view c = utf8.substr(i, 3);
    if (c < "\xE3\x82\xA1" || c > "\xE3\x83\xBC")
      return false;
  }
  return true;
}

class UkeParser final : public FeedParser {
public:
  UkeParser(const FeedOptions &options, FeedSink *sink)
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
    Finish();
    return absl::OkStatus();
  }

  std::string_view encoding() const override { return text_.encoding(); }
  uint64_t malformed_characters() const override {
    return text_.malformed_characters();
  }

private:
  struct Receipt {
    FeedRecord patient;
    std::string branch;
    std::optional<StatedCoverage> insurance; // HO
  };

  void TakeLine(uint64_t number, std::string_view line) {
    if (number == 1 && line.starts_with("\xEF\xBB\xBF"))
      line.remove_prefix(3);
    if (line.size() < 3 || line[2] != ',')
      return; // the end, 0x1A, and what is none of ours
    const std::string_view id = line.substr(0, 2);
    if (id == "RE")
      TakeReceipt(number, CommaFields(line));
    else if (id == "HO")
      TakeInsurance(number, CommaFields(line));
    else if (id == "KO")
      TakePublicExpense(CommaFields(line));
    else if (id == "SN")
      TakeQualification(CommaFields(line));
    else if (id == "IR" || id == "YK" || id == "HM")
      TakeInstitution(id, CommaFields(line));
    else if (id == "UK" || id == "GO")
      Finish();
  }

  // 1 審査支払機関, 2 都道府県, 3 点数表, 4 医療機関コード.
  void TakeInstitution(std::string_view id, const CommaFields &fields) {
    Finish();
    std::string table(WithoutBlanks(fields[3]));
    if (id == "YK")
      table = kPharmacyTable;
    if (id == "HM")
      table = kNursingTable;
    is_nursing_ = table == kNursingTable;
    layout_ = table == kDentalTable     ? kDental
              : table == kPharmacyTable ? kPharmacy
                                        : kMedical;
    const std::string prefecture(WithoutBlanks(fields[2])),
        code(WithoutBlanks(fields[4]));
    source_.clear();
    if (!code.empty())
      source_ = (prefecture.size() == 1 ? "0" : "") + prefecture + table + code;
    // The month is field 7 of those that name the institution, and 6 of the
    // others.
    for (const size_t i : {7, 6})
      if (IsMonth(fields[i])) {
        month_ = fields[i];
        break;
      }
  }

  static bool IsMonth(std::string_view text) {
    return (text.size() == 5 || text.size() == 6) &&
           std::ranges::all_of(text,
                               [](char c) { return c >= '0' && c <= '9'; });
  }

  void TakeReceipt(uint64_t number, const CommaFields &fields) {
    Finish();
    if (fields.size() < 7) {
      sink_.Refuse(
          {number, "",
           "RE has fewer than the seven fields that say who the patient is"});
      return;
    }
    Receipt &receipt = receipt_.emplace();
    receipt.patient.line = number;
    Record &record = receipt.patient.record;
    record.key = {SourceOf(), LocalNumber(number, fields)};
    StatedName name;
    name.full = text_.Field(fields[4]);
    name.full_kana =
        is_nursing_ ? NursingKana(fields) : text_.Field(fields[layout_.kana]);
    if (name != StatedName())
      record.names.push_back(std::move(name));
    if (!fields[6].empty())
      record.births.push_back(text_.Field(fields[6]));
    if (!fields[5].empty())
      record.sexes.push_back(text_.Field(fields[5]));
  }

  std::string SourceOf() const {
    if (!options_.source.empty())
      return options_.source;
    return source_.empty() ? FileStem(options_.path) : source_;
  }

  std::string LocalNumber(uint64_t line, const CommaFields &fields) {
    std::string local =
        is_nursing_ ? std::string() : text_.Field(fields[layout_.local_number]);
    if (!local.empty())
      return local;
    sink_.Note(
        {line, "record_id",
         "the receipt has no number of the patient: its own stands for it"});
    return month_ + "-" + std::string(WithoutBlanks(fields[3])) + "-" +
           std::string(WithoutBlanks(fields[1]));
  }

  // Where nurses' receipts have the kana name is told by what it is: nothing
  // else in RE is katakana alone.
  std::string NursingKana(const CommaFields &fields) {
    for (size_t i = 7; i < fields.size(); ++i) {
      std::string text = text_.Field(fields[i]);
      if (IsKatakana(text))
        return text;
    }
    return {};
  }

  // 1 保険者番号, padded with spaces on the left, 2 記号, 3 番号; KO: 1
  // 負担者番号, 2 受給者番号.
  void TakeInsurance(uint64_t number, const CommaFields &fields) {
    if (!receipt_)
      return;
    if (receipt_->insurance)
      sink_.Note({number, "insurer",
                  "the receipt has two insurances: both are taken"});
    AddInsurance();
    receipt_->insurance =
        StatedCoverage{text_.Field(fields[1]), text_.Field(fields[2]),
                       text_.Field(fields[3]), ""};
  }

  void TakePublicExpense(const CommaFields &fields) {
    if (receipt_)
      AddCoverage({text_.Field(fields[1]), "", text_.Field(fields[2]), ""});
  }

  // 1 負担者種別 (1: the insurance), 3 to 5 what was confirmed of insurer,
  // symbol and number, 6 枝番. First claims leave all but the branch empty.
  void TakeQualification(const CommaFields &fields) {
    if (!receipt_ || WithoutBlanks(fields[1]) != "1")
      return;
    receipt_->branch = text_.Field(fields[6]);
    if (receipt_->insurance || WithoutBlanks(fields[5]).empty())
      return;
    receipt_->insurance =
        StatedCoverage{text_.Field(fields[3]), text_.Field(fields[4]),
                       text_.Field(fields[5]), ""};
  }

  void AddCoverage(StatedCoverage coverage) {
    if (coverage != StatedCoverage())
      receipt_->patient.record.coverages.push_back(std::move(coverage));
  }
  void AddInsurance() {
    if (!receipt_->insurance)
      return;
    receipt_->insurance->branch = std::exchange(receipt_->branch, {});
    AddCoverage(*std::exchange(receipt_->insurance, std::nullopt));
  }

  void Finish() {
    if (!receipt_)
      return;
    AddInsurance();
    receipt_->patient.record.Normalize();
    sink_.Take(std::move(receipt_->patient));
    receipt_.reset();
  }

  const FeedOptions options_;
  FeedSink &sink_;
  FeedLines lines_;
  FeedText text_;
  ReceiptLayout layout_ = kMedical;
  bool is_nursing_ = false;
  std::string source_, month_; // of the institution, and what it claims for
  std::optional<Receipt> receipt_;
};

} // namespace

std::unique_ptr<FeedParser> NewUkeParser(const FeedOptions &options,
                                         FeedSink *sink) {
  return std::make_unique<UkeParser>(options, sink);
}

} // namespace libmpi
