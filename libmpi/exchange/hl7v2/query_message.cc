// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/query_message.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "libmpi/exchange/hl7v2/criteria_field.h"
#include "libmpi/exchange/hl7v2/identifier_field.h"

namespace libmpi::hl7v2 {
namespace {

// Null, and noted: it is missing. Its tag has to be there, for the answer says it.
const Segment* FindQpd(const Message& message, std::vector<WireError>* errors) {
  const Segment* const qpd = message.Find("QPD");
  if (qpd == nullptr)
    errors->push_back({{"QPD", 1}, kSegmentSequence, "the segment QPD is missing"});
  else if (qpd->field(2).empty())
    errors->push_back({{"QPD", 1, 2}, kRequiredFieldMissing, "the query has no tag"});
  return qpd;
}

// QPD-4 or QPD-8; one that says nothing stays, so that each keeps its number.
std::vector<pix::Authority> DomainsOf(const Field& field) {
  std::vector<pix::Authority> domains;
  if (field.deleted()) return domains;
  for (const Repetition& said : field.all()) domains.push_back(AuthorityOf(said.component(4)));
  return domains;
}

// RCP-1: at once. Nothing is answered later, or by other means.
void CheckPriority(const Message& message, std::vector<WireError>* errors) {
  const Segment* const rcp = message.Find("RCP");
  const std::string priority = rcp == nullptr ? "" : rcp->Text(1);
  if (!priority.empty() && priority != "I")
    errors->push_back({{"RCP", 1, 1}, kTableValueNotFound, "queries are answered immediately, or not at all"});
}

// RCP-2, in records; what is said in another unit is not counted here.
size_t PageOf(const Message& message, const PageSizes& pages, std::vector<WireError>* errors) {
  const Segment* const rcp = message.Find("RCP");
  const std::string quantity = rcp == nullptr ? "" : rcp->Text(2, 1);
  const std::string unit = rcp == nullptr ? "" : rcp->Text(2, 2);
  if (quantity.empty() || (!unit.empty() && unit != "RD")) return pages.usual;
  size_t page = 0;
  const char* const end = quantity.data() + quantity.size();
  if (const auto [rest, error] = std::from_chars(quantity.data(), end, page);
      error != std::errc() || rest != end || page == 0) {
    errors->push_back({{"RCP", 1, 2, 1, 1}, kDataType, "the quantity is no number of records"});
    return pages.usual;
  }
  return std::min(page, pages.most);
}

}  // namespace

CrossReferenceQuery ReadCrossReferenceQuery(const Message& message) {
  CrossReferenceQuery query;
  const Segment* const qpd = FindQpd(message, &query.errors);
  if (qpd == nullptr) return query;
  query.question.identifier = IdentifierOf(qpd->field(3).repetition(1));
  query.question.domains = DomainsOf(qpd->field(4));
  if (qpd->field(3).repetitions() > 1)
    query.errors.push_back({{"QPD", 1, 3, 2}, kDataType, "a query is of one identifier"});
  CheckPriority(message, &query.errors);
  return query;
}

DemographicsQuery ReadDemographicsQuery(const Message& message, const PageSizes& pages) {
  DemographicsQuery query;
  const Segment* const qpd = FindQpd(message, &query.errors);
  if (qpd == nullptr) return query;
  query.question.tag = qpd->field(2).Text();
  query.question.domains = DomainsOf(qpd->field(8));
  query.question.page = PageOf(message, pages, &query.errors);
  if (const Segment* dsc = message.Find("DSC"); dsc != nullptr) query.continuation = dsc->field(1).Text();
  ReadCriteria(qpd->field(3), &query);
  CheckPriority(message, &query.errors);
  return query;
}

Cancellation ReadCancellation(const Message& message) {
  Cancellation cancellation;
  const Segment* const qid = message.Find("QID");
  if (qid == nullptr) {
    cancellation.errors.push_back({{"QID", 1}, kSegmentSequence, "the segment QID is missing"});
    return cancellation;
  }
  cancellation.tag = qid->field(1).Text();
  if (cancellation.tag.empty())
    cancellation.errors.push_back({{"QID", 1, 1}, kRequiredFieldMissing, "the query to be cancelled has no tag"});
  return cancellation;
}

}  // namespace libmpi::hl7v2
