// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/nsips_writer.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/feeds/comma_line.h"
#include "libmpi/exchange/feeds/nsips_layout.h"
#include "libmpi/record/iso_date.h"

namespace libmpi {
namespace {

using namespace nsips;  // NOLINT: the columns

constexpr size_t kPhones = 2;

std::string CarriedKana(const StatedName& name) {
  std::string kana = CarriedText(name.full_kana);
  return kana.empty() ? CarriedText(name.family_kana + " " + name.given_kana) : kana;
}

std::string CarriedAddress(const StatedAddress& address) {
  std::string full = CarriedText(address.full);
  return full.empty() ? CarriedText(address.prefecture + address.city + address.street) : full;
}

class NsipsWriter final : public FeedWriter {
 public:
  explicit NsipsWriter(const FeedWriterOptions& options)
      : options_(options), charset_(CommaCharset(options)), institution_(PartsOfInstitution(options_.institution)) {}

  absl::Status Add(const Record& said) override {
    LIBMPI_RETURN_IF_ERROR(charset_.status());
    LIBMPI_RETURN_IF_ERROR(institution_.status());
    const Record record = NsipsAsCarried(said);
    if (record.key.record_id.empty()) return absl::InvalidArgumentError("a record without an id is no patient");
    const CoveragesByKind coverages = ByKind(record.coverages);
    const size_t lines =
        std::max({size_t{1}, record.names.size(), record.births.size(), record.sexes.size(), record.addresses.size(),
                  coverages.insurances.size(), Shares(record.phones.size(), kPhones),
                  Shares(coverages.public_expenses.size(), kPublicExpenses)});
    for (size_t i = 0; i < lines; ++i)
      AddPatient(record, i, AtOrLast(coverages.insurances, i), coverages.public_expenses);
    return absl::OkStatus();
  }

  absl::Status End() override {
    if (patients_ == 0) return absl::OkStatus();
    FeedFile file{options_.institution + "/" + PlainDateText(options_.day) + ".txt", ""};
    const std::string sent = PlainDateText(options_.day) + "090000";
    std::array<std::string_view, kHeaderColumns> header;
    header[0] = "VER010501";
    header[kSentAt] = sent;
    header[kPrefecture] = institution_->prefecture;
    header[kTable] = institution_->table;
    header[kPharmacy] = institution_->code;
    header[kPharmacyName] = "薬局";
    std::string begin;
    AppendCommaLine(header, &begin);
    file.bytes = InCharset(std::move(begin), *charset_) + InCharset(std::move(body_), *charset_);
    return options_.take(std::move(file));
  }

 private:
  void AddPatient(const Record& record, size_t i, const StatedCoverage* insurance,
                  const std::vector<StatedCoverage>& expenses) {
    const std::string number = std::to_string(++patients_), day = PlainDateText(options_.day);
    AppendCommaLine(std::array<std::string_view, 10>{"2", number, number, "A", day, "", day, day, "0", "0"}, &body_);
    std::array<std::string_view, kPatientColumns> fields;
    fields[0] = "1";
    fields[kNumber] = record.key.record_id;
    if (const StatedName* name = AtOrLast(record.names, i)) {
      fields[kKana] = name->full_kana;
      fields[kName] = name->full;
    }
    if (const std::string* sex = AtOrLast(record.sexes, i)) fields[kSex] = *sex;
    if (const std::string* birth = AtOrLast(record.births, i)) fields[kBirth] = *birth;
    if (const StatedAddress* address = AtOrLast(record.addresses, i)) {
      fields[kPostalCode] = address->postal_code;
      fields[kAddress] = address->full;
    }
    for (size_t k = 0; k < kPhones && i * kPhones + k < record.phones.size(); ++k)
      fields[kHomePhone + k] = record.phones[i * kPhones + k];
    if (insurance != nullptr) {
      fields[kInsurer] = insurance->insurer;
      fields[kSymbol] = insurance->symbol;
      fields[kInsuredNumber] = insurance->number;
    }
    for (size_t k = 0; k < kPublicExpenses && i * kPublicExpenses + k < expenses.size(); ++k) {
      const StatedCoverage& expense = expenses[i * kPublicExpenses + k];
      fields[kPublicExpense + k * kPublicExpenseColumns] = expense.insurer;
      fields[kPublicExpense + k * kPublicExpenseColumns + 1] = expense.number;
    }
    AppendCommaLine(fields, &body_);
  }

  const FeedWriterOptions options_;
  const absl::StatusOr<Charset> charset_;
  const absl::StatusOr<InstitutionParts> institution_;
  std::string body_;
  size_t patients_ = 0;
};

}  // namespace

std::unique_ptr<FeedWriter> NewNsipsWriter(const FeedWriterOptions& options) {
  return std::make_unique<NsipsWriter>(options);
}

Record NsipsAsCarried(const Record& record) {
  Record carried = CarriedPatient(record, CarriedKana);
  carried.phones = CarriedTexts(record.phones, CarriedText);
  for (const StatedAddress& address : record.addresses) {
    StatedAddress one{.postal_code = CarriedText(address.postal_code), .full = CarriedAddress(address)};
    if (one != StatedAddress()) carried.addresses.push_back(std::move(one));
  }
  for (const StatedCoverage& coverage : record.coverages) {
    StatedCoverage one{CarriedText(coverage.insurer), CarriedText(coverage.symbol), CarriedText(coverage.number), ""};
    if (one != StatedCoverage()) carried.coverages.push_back(std::move(one));
  }
  carried.Normalize();
  return carried;
}

}  // namespace libmpi
