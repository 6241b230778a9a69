// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/fault_error.h"

#include <algorithm>
#include <string>
#include <utility>

namespace libmpi::hl7v2 {
namespace {

using pix::Fault;

// What a fault is about, which each message has somewhere else.
enum class About : uint8_t {
  kIdentifier,  // PID-3 or QPD-3
  kSubsumed,    // MRG-1, or the second PID's PID-3
  kNames,       // PID-5
  kCriterion,   // QPD-3 of ITI-21
  kDomains,     // QPD-4 or QPD-8
  kPointer,     // DSC-1
  kSender,      // MSH-3
  kControlId,   // MSH-10
  kNothing,
};

struct Row {
  Fault fault;
  About about;
  size_t component;  // 0: the whole
  ErrorCode code;
  Verdict verdict;
};
constexpr Row kRows[] = {
    {Fault::kNoIdentifier, About::kIdentifier, 1, kRequiredFieldMissing, Verdict::kError},
    {Fault::kUnknownIdentifier, About::kIdentifier, 1, kUnknownKey, Verdict::kError},
    {Fault::kNoAuthority, About::kIdentifier, 4, kRequiredFieldMissing, Verdict::kError},
    {Fault::kIncompleteAuthority, About::kIdentifier, 4, kRequiredFieldMissing, Verdict::kError},
    {Fault::kContradictoryAuthority, About::kIdentifier, 4, kUnknownKey, Verdict::kError},
    {Fault::kUnknownAuthority, About::kIdentifier, 4, kUnknownKey, Verdict::kError},
    {Fault::kUnknownRequestedAuthority, About::kDomains, 0, kUnknownKey, Verdict::kError},
    {Fault::kNotItsSource, About::kIdentifier, 4, kUnknownKey, Verdict::kError},
    {Fault::kNoDemographics, About::kNames, 0, kRequiredFieldMissing, Verdict::kError},
    {Fault::kSubsumedIdentifier, About::kIdentifier, 1, kUnknownKey, Verdict::kError},
    {Fault::kRefusedIdentifier, About::kIdentifier, 1, kDataType, Verdict::kError},
    {Fault::kMergeAcrossAuthorities, About::kSubsumed, 4, kUnknownKey, Verdict::kError},
    {Fault::kMergeIntoItself, About::kSubsumed, 1, kDuplicateKey, Verdict::kError},
    {Fault::kSubsumedUnknown, About::kSubsumed, 1, kUnknownKey, Verdict::kError},
    {Fault::kSubsumedAlready, About::kSubsumed, 1, kUnknownKey, Verdict::kError},
    {Fault::kSurvivingUnknown, About::kIdentifier, 1, kUnknownKey, Verdict::kError},
    {Fault::kSurvivingSubsumed, About::kIdentifier, 1, kUnknownKey, Verdict::kError},
    {Fault::kContradictsDecision, About::kIdentifier, 0, kInternalError, Verdict::kError},
    {Fault::kNotLinked, About::kSubsumed, 1, kUnknownKey, Verdict::kError},
    {Fault::kNoCriteria, About::kCriterion, 0, kRequiredFieldMissing, Verdict::kError},
    {Fault::kUnreadableCriterion, About::kCriterion, 0, kDataType, Verdict::kError},
    {Fault::kUnknownContinuation, About::kPointer, 0, kUnknownKey, Verdict::kError},
    {Fault::kUnknownParty, About::kSender, 0, kTableValueNotFound, Verdict::kRejected},
    {Fault::kNotAllowed, About::kSender, 0, kInternalError, Verdict::kRejected},
    {Fault::kOtherContent, About::kControlId, 0, kDuplicateKey, Verdict::kRejected},
    {Fault::kUnavailable, About::kNothing, 0, kInternalError, Verdict::kRejected},
    {Fault::kInternal, About::kNothing, 0, kInternalError, Verdict::kRejected},
};

const Row& RowOf(Fault fault) {
  for (const Row& row : kRows)
    if (row.fault == fault) return row;
  return kRows[std::size(kRows) - 1];
}

WireError ErrorAt(Location at, const Row& row, const pix::Problem& problem) {
  return {std::move(at), row.code, problem.text.empty() ? std::string(FaultName(problem.fault)) : problem.text};
}

// Where something stands in every message.
Location CommonPlace(About about) {
  switch (about) {
    case About::kSender: return {"MSH", 1, 3};
    case About::kControlId: return {"MSH", 1, 10};
    case About::kPointer: return {"DSC", 1, 1};
    case About::kNames: return {"PID", 1, 5};
    default: return {};
  }
}

Location PlaceAt(const std::vector<Location>& places, size_t which, size_t component, Location otherwise) {
  Location at = which < places.size() ? places[which] : std::move(otherwise);
  if (at.repetition != 0) at.component = component;
  return at;
}

Location FeedPlace(const pix::Problem& problem, const Row& row, const FeedMessage& feed) {
  const size_t first = feed.identifier_places.size();
  const bool counted_on = problem.which >= first && problem.which - first < feed.subsumed_places.size();
  const size_t which = counted_on ? problem.which - first : problem.which;
  if (row.about == About::kSubsumed || (row.about == About::kIdentifier && counted_on))
    return PlaceAt(feed.subsumed_places, which, row.component, feed.subsumed_place);
  if (row.about == About::kIdentifier) return PlaceAt(feed.identifier_places, which, row.component, {"PID", 1, 3});
  return CommonPlace(row.about);
}

}  // namespace

Verdict VerdictOf(const pix::Problems& problems) {
  Verdict verdict = Verdict::kAccepted;
  for (const pix::Problem& problem : problems) verdict = std::max(verdict, RowOf(problem.fault).verdict);
  return verdict;
}

std::vector<WireError> FeedErrors(const pix::Problems& problems, const FeedMessage& feed) {
  std::vector<WireError> errors;
  for (const pix::Problem& problem : problems) {
    const Row& row = RowOf(problem.fault);
    errors.push_back(ErrorAt(FeedPlace(problem, row, feed), row, problem));
  }
  return errors;
}

std::vector<WireError> CrossReferenceErrors(const pix::Problems& problems) {
  if (problems.empty()) return {};
  const pix::Problem& problem = problems[0];
  const Row& row = RowOf(problem.fault);
  Location at = CommonPlace(row.about);
  if (row.about == About::kIdentifier) at = {"QPD", 1, 3, 1, row.component};
  if (row.about == About::kDomains) at = {"QPD", 1, 4, problem.which + 1};
  return {ErrorAt(std::move(at), row, problem)};
}

std::vector<WireError> DemographicsErrors(const pix::Problems& problems, const DemographicsQuery& query) {
  std::vector<WireError> errors;
  for (const pix::Problem& problem : problems) {
    const Row& row = RowOf(problem.fault);
    Location at = CommonPlace(row.about);
    if (row.about == About::kCriterion) at = {"QPD", 1, 3};
    if (row.about == About::kDomains) at = {"QPD", 1, 8, problem.which + 1};
    // A criterion of an identifier's authority is a repetition of its own.
    if (row.about == About::kIdentifier)
      at = PlaceAt(row.component == 4 ? query.authority_places : query.identifier_places, problem.which, 0,
                   {"QPD", 1, 3});
    errors.push_back(ErrorAt(std::move(at), row, problem));
  }
  return errors;
}

WireError MoreFitWarning() {
  return {{"QPD", 1, 3},
          kMessageAccepted,
          "more patients may fit than are told; say more of the patient",
          Severity::kWarning};
}

WireError PartyError(Fault fault) {
  const Row& row = RowOf(fault);
  return ErrorAt(CommonPlace(row.about), row, {fault, 0, "nobody of this name is known here"});
}

}  // namespace libmpi::hl7v2
