// SPDX-License-Identifier: Apache-2.0
#include "libmpi/pix/problem.h"

namespace libmpi::pix {

std::string_view FaultName(Fault fault) {
  switch (fault) {
    case Fault::kNoIdentifier: return "no_identifier";
    case Fault::kUnknownIdentifier: return "unknown_identifier";
    case Fault::kNoAuthority: return "no_authority";
    case Fault::kIncompleteAuthority: return "incomplete_authority";
    case Fault::kContradictoryAuthority: return "contradictory_authority";
    case Fault::kUnknownAuthority: return "unknown_authority";
    case Fault::kUnknownRequestedAuthority: return "unknown_requested_authority";
    case Fault::kNotItsSource: return "not_its_source";
    case Fault::kNoDemographics: return "no_demographics";
    case Fault::kSubsumedIdentifier: return "subsumed_identifier";
    case Fault::kRefusedIdentifier: return "refused_identifier";
    case Fault::kMergeAcrossAuthorities: return "merge_across_authorities";
    case Fault::kMergeIntoItself: return "merge_into_itself";
    case Fault::kSubsumedUnknown: return "subsumed_unknown";
    case Fault::kSubsumedAlready: return "subsumed_already";
    case Fault::kSurvivingUnknown: return "surviving_unknown";
    case Fault::kSurvivingSubsumed: return "surviving_subsumed";
    case Fault::kContradictsDecision: return "contradicts_decision";
    case Fault::kNotLinked: return "not_linked";
    case Fault::kNoCriteria: return "no_criteria";
    case Fault::kUnreadableCriterion: return "unreadable_criterion";
    case Fault::kUnknownContinuation: return "unknown_continuation";
    case Fault::kUnknownParty: return "unknown_party";
    case Fault::kNotAllowed: return "not_allowed";
    case Fault::kOtherContent: return "other_content";
    case Fault::kUnavailable: return "unavailable";
    case Fault::kInternal: return "internal";
  }
  return "internal";
}

bool MaySucceedLater(Fault fault) { return fault == Fault::kUnavailable; }

}  // namespace libmpi::pix
