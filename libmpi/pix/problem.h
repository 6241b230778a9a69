// SPDX-License-Identifier: Apache-2.0
// Everything that can be wrong with what is asked of the manager, each as a value of its own; wire forms say where it
// stood and in which code.
#ifndef LIBMPI_PIX_PROBLEM_H_
#define LIBMPI_PIX_PROBLEM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace libmpi::pix {

enum class Fault : uint8_t {
  // Of an identifier, in a question (ITI-9 cases 3 and 4) as in a feed.
  kNoIdentifier,            // none, or without a value
  kUnknownIdentifier,       // of a known authority; also of whom the party may not be told
  kNoAuthority,             // and none is configured for who says it
  kIncompleteAuthority,     // a universal ID without its type, or a type without an ID
  kContradictoryAuthority,  // its parts name different ones
  kUnknownAuthority,
  kUnknownRequestedAuthority,  // one of those that an answer is asked to have (ITI-9 case 5, ITI-21 case 3)
  kNotItsSource,               // the authority's identifiers come from another system (ITI-8: one source a domain)
  // Of a feed.
  kNoDemographics,      // too little is said: no name, birth, sex or other identifier
  kSubsumedIdentifier,  // it was merged into another one and can't be used again
  kRefusedIdentifier,   // no identifier can be so: too long, with control characters
  // Of a merge (ITI-8: A40).
  kMergeAcrossAuthorities,
  kMergeIntoItself,
  kSubsumedUnknown,  // the one to be merged is not known, or withdrawn
  kSubsumedAlready,  // it was merged already, into another one
  kSurvivingUnknown,
  kSurvivingSubsumed,  // it was merged into another one itself
  // Of a link or its undoing (A24, A37).
  kContradictsDecision,  // a steward's, or another link's
  kNotLinked,
  // Of a demographics question.
  kNoCriteria,
  kUnreadableCriterion,         // a birth date that is none ...
  kUnknownContinuation,         // expired, another party's, or never given
  // Of who asks.
  kUnknownParty,  // nobody that the configuration knows
  kNotAllowed,    // the network's rules
  // Of the same message again.
  kOtherContent,  // a message of this number came before and said other things
  // Of the manager.
  kUnavailable,  // try again later: nothing was changed, or not told to be
  kInternal,
};
// "unknown_identifier" ...: for logs and metrics.
std::string_view FaultName(Fault fault);
// Whether the same message may succeed later without being changed.
bool MaySucceedLater(Fault fault);

struct Problem {
  Fault fault = Fault::kInternal;
  // Of several identifiers, authorities or criteria that were said the one it is about, from 0. A feed's subsumed
  // identifiers count on after its identifiers.
  size_t which = 0;
  std::string text = {};  // for people, without values: "the identity source of the authority is another system"
  bool operator==(const Problem&) const = default;
};
using Problems = std::vector<Problem>;

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_PROBLEM_H_
