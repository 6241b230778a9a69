// SPDX-License-Identifier: Apache-2.0
// オンライン資格確認: answers about who is insured, as XML, for one patient or many.
#ifndef LIBMPI_EXCHANGE_FEEDS_ELIGIBILITY_H_
#define LIBMPI_EXCHANGE_FEEDS_ELIGIBILITY_H_

#include <memory>

#include "libmpi/exchange/feeds/feed.h"

namespace libmpi {

// A record for each ResultOfQualificationConfirmation, of one answer (ResultList) or of many (BulkConfirmUnit): name
// and kana name, the other name (NameOfOther), sex, birth date, postal code and address, and the card with its branch.
// Results of one unit that name the same patient, with several cards, are one record. The source is the institution's
// ten-digit code (MedicalInstitutionCode).
// - The number of the patient is the reference number (照会番号), which the institution itself gave; without one the
//   card stands for it, with the birth date where it has no branch, as "card-" and a hash, which is noted. The
//   arbitrary identifiers of files and queries are no patients' numbers.
// - InsuredName is the insured person's or the householder's; PersonalFamilyClassification tells nothing of who the
//   patient is.
// - A card stays said when it is no longer valid, or lost (ReasonOfLoss): a record has no periods.
// - Sex 3 is "not set"; Sex2 counts beside Sex1.
// - 医療扶助: PublicExpenseNumber and BeneficiaryNumber are a card.
//
// After 外部インターフェイス仕様書, as far as others tell of it.
std::unique_ptr<FeedParser> NewEligibilityParser(const FeedOptions& options, FeedSink* sink);

}  // namespace libmpi

#endif  // LIBMPI_EXCHANGE_FEEDS_ELIGIBILITY_H_
