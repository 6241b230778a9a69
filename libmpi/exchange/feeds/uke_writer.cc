// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/uke_writer.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/comma_fields.h"
#include "libmpi/exchange/feeds/comma_line.h"
#include "libmpi/exchange/feeds/uke_layout.h"
#include "libmpi/record/iso_date.h"
#include "libmpi/text/fold.h"

namespace libmpi {
namespace {

constexpr size_t kPublicExpensesAReceipt = 4;
constexpr size_t kInsurerBytes = 8;

// カタカナ氏名: full-width katakana without spaces.
std::string CarriedKana(const StatedName& name) {
  const std::string folded =
      FoldWidth(name.full_kana.empty() ? name.family_kana + " " + name.given_kana : name.full_kana);
  std::string kana;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = NextCodePoint(folded, &pos);
    if (c == ' ') continue;
    AppendUtf8(c >= U'ぁ' && c <= U'ゖ' ? c + (U'ァ' - U'ぁ') : c, &kana);
  }
  return CarriedText(kana);
}

class UkeWriter final : public FeedWriter {
 public:
  explicit UkeWriter(const FeedWriterOptions& options)
      : options_(options), charset_(CommaCharset(options)), institution_(PartsOfInstitution(options_.institution)) {
    if (institution_.ok() && IsClaimKind(institution_->table[0]))
      kind_ = static_cast<ClaimKind>(institution_->table[0]);
  }

  absl::Status Add(const Record& said) override {
    LIBMPI_RETURN_IF_ERROR(charset_.status());
    LIBMPI_RETURN_IF_ERROR(institution_.status());
    const Record record = UkeAsCarried(said);
    if (record.key.record_id.empty()) return absl::InvalidArgumentError("a record without an id has no receipt");
    const CoveragesByKind coverages = ByKind(record.coverages);
    const std::span<const StatedCoverage> expenses(coverages.public_expenses);
    const size_t receipts = std::max({size_t{1}, record.names.size(), record.births.size(), record.sexes.size(),
                                      coverages.insurances.size(), Shares(expenses.size(), kPublicExpensesAReceipt)});
    for (size_t i = 0; i < receipts; ++i) {
      const size_t first = std::min(i * kPublicExpensesAReceipt, expenses.size());
      AddReceipt(record, i, AtOrLast(coverages.insurances, i),
                 expenses.subspan(first, std::min(kPublicExpensesAReceipt, expenses.size() - first)));
    }
    return absl::OkStatus();
  }

  absl::Status End() override {
    if (receipts_ == 0) return absl::OkStatus();
    FeedFile file{options_.institution + "/" + PlainDateText(options_.day) + "/RECEIPTC.UKE", ""};
    std::string text = Begin();
    text += InCharset(std::move(body_), *charset_);
    if (kind_ != ClaimKind::kNursing) text += "GO," + std::to_string(receipts_) + ",0,99\r\n";
    file.bytes = std::move(text);
    return options_.take(std::move(file));
  }

 private:
  void Line(std::span<const std::string_view> fields) { AppendCommaLine(fields, &body_); }

  std::string Begin() const {
    const auto [prefecture, table, code] = *institution_;
    const std::string month = Month();
    constexpr std::string_view kName = "医療機関";
    std::string text;
    const auto line = [&text](std::initializer_list<std::string_view> fields) {
      AppendCommaLine(std::span(fields.begin(), fields.size()), &text);
    };
    switch (kind_) {
      case ClaimKind::kMedical: line({"IR", "1", prefecture, table, code, "", kName, month, "00", ""}); break;
      case ClaimKind::kDental: line({"UK", "1", prefecture, table, code, "", kName, month, "", "00"}); break;
      case ClaimKind::kPharmacy: line({"YK", "1", prefecture, table, code, kName, month, "00", ""}); break;
      case ClaimKind::kNursing:
        line({"HM", "1", prefecture, table, code, kName, month, ""});
        line({"GO"});
        break;
    }
    return InCharset(std::move(text), *charset_);
  }

  std::string Month() const { return PlainDateText(options_.day).substr(0, 6); }

  // Kind of claim, whether an insurance pays and how many pay, and "2", oneself.
  std::string ReceiptKind(bool insured, size_t expenses) const {
    return {static_cast<char>(kind_), insured ? '1' : '2',
            static_cast<char>('0' + std::max<size_t>(1, expenses + (insured ? 1 : 0))), '2'};
  }

  void AddReceipt(const Record& record, size_t i, const StatedCoverage* insurance,
                  std::span<const StatedCoverage> expenses) {
    const std::string month = Month();
    // Dentists' files say who claims before each receipt.
    if (kind_ == ClaimKind::kDental)
      Line(std::array<std::string_view, 9>{"IR", "1", institution_->prefecture, institution_->table, institution_->code,
                                           "", month, "", ""});
    const std::string number = std::to_string(++receipts_), kind = ReceiptKind(insurance != nullptr, expenses.size());
    const ReceiptLayout layout = LayoutOf(kind_);
    std::array<std::string_view, CommaFields::kMost> fields;
    fields[0] = "RE";
    fields[kReceiptNumber] = number;
    fields[kReceiptKind] = kind;
    fields[kReceiptMonth] = month;
    fields[layout.local_number] = record.key.record_id;
    if (const StatedName* name = AtOrLast(record.names, i)) {
      fields[kReceiptName] = name->full;
      fields[layout.kana] = name->full_kana;
    }
    if (const std::string* sex = AtOrLast(record.sexes, i)) fields[layout.sex] = *sex;
    if (const std::string* birth = AtOrLast(record.births, i)) fields[layout.birth] = *birth;
    // Fields that are left empty are written.
    Line(std::span(fields).first(std::max(layout.kana, layout.local_number) + 2));
    if (insurance != nullptr) {
      const std::string insurer(kInsurerBytes - std::min(kInsurerBytes, insurance->insurer.size()), ' ');
      Line(std::array<std::string_view, 7>{"HO", insurer + insurance->insurer, insurance->symbol, insurance->number,
                                           "1", "0", ""});
    }
    for (const StatedCoverage& expense : expenses)
      Line(std::array<std::string_view, 7>{"KO", expense.insurer, expense.number, "", "1", "0", ""});
    if (insurance != nullptr && !insurance->branch.empty())
      Line(std::array<std::string_view, 9>{"SN", "1", "01", "", "", "", insurance->branch, "", ""});
  }

  const FeedWriterOptions options_;
  const absl::StatusOr<Charset> charset_;
  const absl::StatusOr<InstitutionParts> institution_;
  ClaimKind kind_ = ClaimKind::kMedical;
  std::string body_;
  size_t receipts_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewUkeWriter(const FeedWriterOptions& options) {
  return std::make_unique<UkeWriter>(options);
}

Record UkeAsCarried(const Record& record) {
  Record carried = CarriedPatient(record, CarriedKana);
  for (const StatedCoverage& coverage : record.coverages) {
    StatedCoverage one{CarriedText(coverage.insurer), CarriedText(coverage.symbol), CarriedText(coverage.number),
                       CarriedText(coverage.branch)};
    if (one != StatedCoverage()) carried.coverages.push_back(std::move(one));
  }
  carried.Normalize();
  return carried;
}

}  // namespace libmpi
