// SPDX-License-Identifier: Apache-2.0
// Questions to the manager and its answers. A pair under review never shows in one, nor whom consent keeps from being
// told.
#ifndef LIBMPI_PIX_QUESTION_H_
#define LIBMPI_PIX_QUESTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libmpi/pix/identifier.h"
#include "libmpi/pix/problem.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/registry.h"

namespace libmpi::pix {

// Who asks by which message, for the audit trail.
struct Asked {
  std::string id;           // MSH-10
  std::string transaction;  // "ITI-9"
  std::string peer;         // a network address
};

// ITI-9, ITI-45, ITI-83.
struct CrossReferenceQuestion {
  Identifier identifier;
  std::vector<Authority> domains;  // whose identifiers are asked for; empty: all
};

struct CrossReferenceAnswer {
  // kNoIdentifier, kUnknownIdentifier, kNoAuthority ... of the identifier; kUnknownRequestedAuthority, of every unknown
  // one, whatever else is wrong first. Empty: answered.
  Problems problems;
  // With all three parts of their authorities; those of one domain stand together. Empty: the person has none in the
  // domains.
  std::vector<Identifier> identifiers;
};

// ITI-21, ITI-47, ITI-78.
struct DemographicsQuestion {
  SearchCriteria criteria;              // but for authority and identifier
  std::vector<Identifier> identifiers;  // of which the person must have every one; an authority may be left out
  std::vector<Authority> domains;       // whose identifiers are told; empty: all
  size_t page = 0;                      // persons an answer; 0: as many as are told at all (kMostMatches)
  std::string tag;                      // the query's (QPD-2): what a cancellation names
};
inline constexpr size_t kMostMatches = 500;

struct MatchedPerson {
  std::vector<Identifier> identifiers;  // never empty
  Record record;                        // the golden record of what the party may be told of; no key
  double weight = 0;                    // bits
  double probability = 0;
};

struct DemographicsAnswer {
  Problems problems;
  std::vector<MatchedPerson> persons;  // best first
  std::string continuation;            // empty: there are no more
  size_t left = 0;                     // how many more there are
  // More fit than were looked at, or than kMostMatches: neither this answer nor its continuations tell all.
  bool incomplete = false;
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_QUESTION_H_
