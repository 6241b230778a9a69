// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/uke.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/comma_feed.h"
#include "libmpi/exchange/feeds/comma_fields.h"
#include "libmpi/exchange/feeds/uke_layout.h"

namespace libmpi {
namespace {

// Two letters that begin a record, as one number.
constexpr uint16_t Id(char first, char second) {
  return static_cast<uint16_t>(static_cast<unsigned char>(first) << 8 | static_cast<unsigned char>(second));
}

// No receipt has more than an insurance and four public expenses; the rest is room for what was changed on the way.
constexpr size_t kMostStatements = 64;
// Fields of HO, KO and SN that are read.
constexpr size_t kCoverageFields = 8;

bool IsMonth(std::string_view text) {  // YYYYMM, or GYYMM of an era
  return (text.size() == 5 || text.size() == 6) &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// What SN says of the insurance ('1') or of the first to fourth public expense ('2' to '5').
struct Confirmation {
  char payer;
  StatedCoverage coverage;  // of public expenses, the recipient is the number
};
struct Receipt {
  FeedRecord patient;
  std::vector<StatedCoverage> insurances, public_expenses;  // HO, KO
  std::vector<Confirmation> confirmations;                  // SN
  bool in_treatment = false, in_donors_part = false;
  size_t Statements() const { return insurances.size() + public_expenses.size() + confirmations.size(); }
};

class UkeParser final : public CommaFeedParser {
 public:
  UkeParser(const FeedOptions& options, FeedSink* sink) : CommaFeedParser(options, sink, "UKE") {}

 private:
  // Most lines are of treatment: they cost a look at two letters.
  void TakeLine(uint64_t number, std::string_view line) override {
    const bool quoted = line.starts_with('"');
    if (quoted) line.remove_prefix(1);
    if (line.size() < 2 || (line.size() > 2 && line[2] != (quoted ? '"' : ','))) return;
    const uint16_t id = Id(line[0], line[1]);
    if (quoted && line.size() > 3) line.remove_prefix(1);  // the fields begin with the rest of the id
    switch (id) {
      case Id('R', 'E'): return TakeReceipt(number, CommaFields(line));
      case Id('H', 'O'):
      case Id('K', 'O'):
      case Id('S', 'N'): return TakeCoverage(number, id, CommaFields(line, kCoverageFields));
      case Id('T', 'I'):
      case Id('T', 'R'):
      case Id('T', 'S'):
        if (receipt_) receipt_->in_donors_part = true;
        return;
      case Id('S', 'Y'):
      case Id('S', 'I'):
      case Id('I', 'Y'):
      case Id('H', 'S'):
      case Id('S', 'S'):
      case Id('S', 'H'):
      case Id('C', 'Z'):
        if (receipt_) receipt_->in_treatment = true;
        return;
      case Id('I', 'R'):
      case Id('Y', 'K'):
      case Id('H', 'M'):
      case Id('U', 'K'): return TakeInstitution(id, CommaFields(line));
      case Id('G', 'O'): return FinishReceipt();  // nurses' files go on behind it
      default: return;
    }
  }

  void Finish() override { FinishReceipt(); }
  // It may have been the RE of another patient, whose insurance is next.
  void PassLine() override { FinishReceipt(); }

  // 1 審査支払機関, 2 都道府県, 3 点数表, 4 code; what UK says is said again by what follows it, where anything does.
  void TakeInstitution(uint16_t id, const CommaFields& fields) {
    FinishReceipt();
    Recognize();
    std::string table(WithoutBlanks(fields[3]));
    if (id == Id('Y', 'K')) table = static_cast<char>(ClaimKind::kPharmacy);
    if (id == Id('H', 'M')) table = static_cast<char>(ClaimKind::kNursing);
    if (table.empty()) table = static_cast<char>(kind_);
    if (table.size() == 1 && IsClaimKind(table[0])) kind_ = static_cast<ClaimKind>(table[0]);
    payer_ = Text(fields[1]);
    institution_ = InstitutionCode(WithoutBlanks(fields[2]), table, Text(fields[4]));
    // Field 7 of those that name the institution, 6 of the dental IR, of YK and HM.
    month_.clear();
    for (const size_t i : {6, 7})
      if (IsMonth(WithoutBlanks(fields[i]))) month_ = WithoutBlanks(fields[i]);
  }

  void TakeReceipt(uint64_t line, const CommaFields& fields) {
    FinishReceipt();
    Recognize();
    seen_receipt_ = true;
    const std::string_view kind = WithoutBlanks(fields[kReceiptKind]);
    const ReceiptLayout layout =
        LayoutOf(!kind.empty() && IsClaimKind(kind[0]) ? static_cast<ClaimKind>(kind[0]) : kind_);
    if (fields.size() <= layout.birth)
      return sink().Refuse({line, "", "RE has fewer fields than say who the patient is"});
    std::string local = LocalNumber(line, layout, fields);
    if (local.empty()) return;
    Receipt& receipt = receipt_.emplace();
    receipt.patient.line = line;
    Record& record = receipt.patient.record;
    record.key = {SourceOr(institution_), std::move(local)};
    StatedName name;
    name.full = Text(fields[kReceiptName]);
    name.full_kana = Text(fields[layout.kana]);
    if (name != StatedName()) record.names.push_back(std::move(name));
    if (std::string sex = Text(fields[layout.sex]); !sex.empty()) record.sexes.push_back(std::move(sex));
    if (std::string birth = Text(fields[layout.birth]); !birth.empty()) record.births.push_back(std::move(birth));
  }

  // The patient's, or else one that nothing else of this institution has; empty: refused.
  std::string LocalNumber(uint64_t line, const ReceiptLayout& layout, const CommaFields& fields) {
    std::string local = Text(fields[layout.local_number]);
    if (!local.empty()) return local;
    const std::string number = Text(fields[kReceiptNumber]);
    if (number.empty()) {
      sink().Refuse({line, "record_id", "the receipt has neither a number of the patient nor its own"});
      return local;
    }
    sink().Note({line, "record_id", "the receipt has no number of the patient: its own stands for it"});
    // Numbers begin anew each month and for each payer (社保, 国保).
    local = month_.empty() ? Text(fields[kReceiptMonth]) : month_;
    for (const std::string& part : {payer_, Text(fields[kReceiptKind]), number})
      if (!part.empty()) local += "-" + part;
    return local;
  }

  void TakeCoverage(uint64_t line, uint16_t id, const CommaFields& fields) {
    if (!receipt_) {
      if (!seen_receipt_ && !std::exchange(noted_part_, true))
        sink().Note({line, "", "what stands before the first receipt belongs to one of another file: it is not taken"});
      return;
    }
    if (receipt_->in_donors_part) return;
    if (receipt_->in_treatment && id != Id('S', 'N')) {
      FinishReceipt();
      return sink().Refuse(
          {line, "",
           "an insurance stands behind treatment: the receipt that it belongs to has no RE that can be read"});
    }
    if (receipt_->Statements() == kMostStatements) {
      if (!std::exchange(receipt_full_, true))
        sink().Note(
            {line, "insurer", "the receipt has more insurances than a receipt may have: the rest is not taken"});
      return;
    }
    if (id == Id('H', 'O')) {
      receipt_->insurances.push_back({Text(fields[1]), Text(fields[2]), Text(fields[3]), ""});
      if (receipt_->insurances.size() == 2)
        sink().Note({line, "insurer", "the receipt has more than one insurance: each is taken"});
    } else if (id == Id('K', 'O')) {
      receipt_->public_expenses.push_back({Text(fields[1]), "", Text(fields[2]), ""});
    } else if (const std::string_view payer = WithoutBlanks(fields[1]); payer.size() == 1) {
      const bool is_insurance = payer[0] == '1';
      receipt_->confirmations.push_back({payer[0],
                                         {Text(fields[3]), is_insurance ? Text(fields[4]) : "",
                                          Text(fields[is_insurance ? 5 : 7]), is_insurance ? Text(fields[6]) : ""}});
    }
  }

  static void Add(StatedCoverage&& coverage, Record* record) {
    if (coverage != StatedCoverage()) record->coverages.push_back(std::move(coverage));
  }

  // First claims leave all of SN empty but the branch, which is HO's then. Files that come back say what was confirmed.
  static void Confirm(Confirmation&& said, Receipt* receipt) {
    Record* const record = &receipt->patient.record;
    StatedCoverage& coverage = said.coverage;
    const bool says_who = !coverage.insurer.empty() || !coverage.symbol.empty() || !coverage.number.empty();
    if (said.payer == '1') {
      StatedCoverage* const claimed = receipt->insurances.empty() ? nullptr : &receipt->insurances.front();
      const bool is_claimed = claimed != nullptr &&
                              (!says_who || (coverage.insurer == claimed->insurer &&
                                             coverage.symbol == claimed->symbol && coverage.number == claimed->number));
      if (is_claimed && (claimed->branch.empty() || coverage.branch.empty() || claimed->branch == coverage.branch)) {
        if (claimed->branch.empty()) claimed->branch = std::move(coverage.branch);
      } else if (is_claimed) {
        Add({claimed->insurer, claimed->symbol, claimed->number, std::move(coverage.branch)}, record);
      } else if (says_who) {
        Add(std::move(coverage), record);
      }
    } else if (said.payer >= '2' && said.payer <= '5' && says_who) {
      const size_t which = static_cast<size_t>(said.payer - '2');
      if (coverage.insurer.empty() && which < receipt->public_expenses.size())
        coverage.insurer = receipt->public_expenses[which].insurer;
      Add(std::move(coverage), record);
    }
  }

  void FinishReceipt() {
    receipt_full_ = false;
    if (!receipt_) return;
    for (Confirmation& said : receipt_->confirmations) Confirm(std::move(said), &*receipt_);
    Record* const record = &receipt_->patient.record;
    for (StatedCoverage& coverage : receipt_->insurances) Add(std::move(coverage), record);
    for (StatedCoverage& coverage : receipt_->public_expenses) Add(std::move(coverage), record);
    record->Normalize();
    sink().Take(std::move(receipt_->patient));
    receipt_.reset();
  }

  ClaimKind kind_ = ClaimKind::kMedical;
  std::string institution_, payer_, month_;  // who claims, of whom, in which month
  std::optional<Receipt> receipt_;
  bool receipt_full_ = false, seen_receipt_ = false, noted_part_ = false;
};

}  // namespace

std::unique_ptr<FeedParser> NewUkeParser(const FeedOptions& options, FeedSink* sink) {
  return std::make_unique<UkeParser>(options, sink);
}

}  // namespace libmpi
