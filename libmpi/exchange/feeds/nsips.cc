// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/nsips.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/comma_feed.h"
#include "libmpi/exchange/feeds/comma_fields.h"
#include "libmpi/exchange/feeds/nsips_columns.h"
#include "libmpi/exchange/feeds/nsips_layout.h"

namespace libmpi {
namespace {

using namespace nsips;  // NOLINT: the columns

// Columns of record 1 that are read, with room for shifts of each group.
constexpr size_t kColumnsRead = kPublicExpense + kPublicExpenses * kPublicExpenseColumns + 6;

bool BeginsAsHeader(std::string_view line) {
  return line.starts_with("VER") || line.starts_with("\"VER") || line.starts_with("ver");
}

class NsipsParser final : public CommaFeedParser {
 public:
  NsipsParser(const FeedOptions& options, FeedSink* sink) : CommaFeedParser(options, sink, "NSIPS") {}

 private:
  void TakeLine(uint64_t number, std::string_view line) override {
    if (line.starts_with("1,") || line.starts_with("\"1\",")) {
      TakePatient(number, CommaFields(line, kColumnsRead));
    } else if (BeginsAsHeader(line)) {
      TakeHeader(CommaFields(line, kHeaderColumns));
    }
  }

  void TakeHeader(const CommaFields& fields) {
    Recognize();
    std::string table = Text(fields[kTable]);
    if (table.empty()) table = "4";
    pharmacy_ = Text(fields[kPharmacy]);
    institution_ = InstitutionCode(WithoutBlanks(fields[kPrefecture]), table, pharmacy_);
    shifts_ = NsipsShifts();
  }

  void TakePatient(uint64_t line, const CommaFields& bytes) {
    if (bytes.size() <= kBirth)
      return sink().Refuse({line, "", "record 1 has fewer fields than say who the patient is"});
    Recognize();
    fields_.resize(bytes.size());
    for (size_t i = 0; i < bytes.size(); ++i) fields_[i] = Text(bytes[i]);
    shifts_ = FindNsipsShifts(fields_, shifts_);
    if (shifts_ != NsipsShifts{.names = shifts_.names ? std::optional(0) : std::nullopt} &&
        !std::exchange(noted_shift_, true))
      sink().Note(
          {line, "", "columns of record 1 are not where VER010501 has them: they were found by what they hold"});
    const NsipsNameColumns names = FindNsipsNames(fields_, shifts_, pharmacy_);
    if (names.number == 0) return sink().Refuse({line, "record_id", "the patient has no number"});

    FeedRecord patient;
    patient.line = line;
    Record& record = patient.record;
    record.key = {SourceOr(institution_), Value(names.number, 0)};
    Add(StatedName{.full = names.name == 0 ? "" : Value(names.name, 0),
                   .full_kana = names.kana == 0 ? "" : Value(names.kana, 0)},
        &record.names);
    int by = shifts_.sex_and_birth;
    Add(Value(kSex, by), &record.sexes);
    Add(Value(kBirth, by), &record.births);
    by += shifts_.address;
    Add(StatedAddress{.postal_code = Value(kPostalCode, by), .full = Value(kAddress, by)}, &record.addresses);
    Add(Value(kHomePhone, by), &record.phones);
    Add(Value(kWorkPhone, by), &record.phones);
    AddCoverages(&record);
    record.Normalize();
    sink().Take(std::move(patient));
  }

  void AddCoverages(Record* record) {
    int by = shifts_.sex_and_birth + shifts_.address + shifts_.insurance;
    Add(StatedCoverage{Value(kInsurer, by), Value(kSymbol, by), Value(kInsuredNumber, by), ""}, &record->coverages);
    Add(StatedCoverage{Value(kElderlyInsurer, by), "", Value(kElderlyNumber, by), ""}, &record->coverages);
    by += shifts_.public_expenses;
    for (size_t i = 0; i < kPublicExpenses; ++i) {
      const size_t payer = kPublicExpense + kPublicExpenseColumns * i;
      Add(StatedCoverage{Value(payer, by), "", Value(payer + 1, by), ""}, &record->coverages);
    }
  }

  std::string Value(size_t column, int shift) const {
    const size_t at = column + static_cast<size_t>(shift);
    return at < fields_.size() ? fields_[at] : std::string();
  }

  template <typename Statement>
  static void Add(Statement&& statement, std::vector<Statement>* list) {
    if (statement != Statement()) list->push_back(std::move(statement));
  }

  std::string pharmacy_, institution_;
  NsipsShifts shifts_;  // of the last patient
  std::vector<std::string> fields_;
  bool noted_shift_ = false;
};

}  // namespace

std::unique_ptr<FeedParser> NewNsipsParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<NsipsParser>(options, sink);
}

}  // namespace libmpi
