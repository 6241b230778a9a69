// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/consent.h"

#include <algorithm>
#include <tuple>

namespace libmpi {

std::string_view ConsentKindName(ConsentKind kind) {
  return kind == ConsentKind::kRegistered ? "registered" : "withdrawn";
}

std::optional<ConsentKind> ConsentKindOf(std::string_view name) {
  if (name == "registered") return ConsentKind::kRegistered;
  if (name == "withdrawn") return ConsentKind::kWithdrawn;
  return std::nullopt;
}

std::string_view ConsentStateName(ConsentState state) {
  switch (state) {
    case ConsentState::kUnasked: return "unasked";
    case ConsentState::kRegistered: return "registered";
    case ConsentState::kWithdrawn: return "withdrawn";
    case ConsentState::kReconsented: return "reconsented";
  }
  return "";
}

std::string_view ConsentBasisName(ConsentBasis basis) { return basis == ConsentBasis::kOptIn ? "opt_in" : "opt_out"; }

std::optional<ConsentBasis> ConsentBasisOf(std::string_view name) {
  if (name == "opt_in") return ConsentBasis::kOptIn;
  if (name == "opt_out") return ConsentBasis::kOptOut;
  return std::nullopt;
}

Consent ConsentOn(std::span<const ConsentStatement> statements, CivilDate day) {
  std::vector<const ConsentStatement*> counting;
  for (const ConsentStatement& s : statements)
    if (s.from <= day) counting.push_back(&s);
  std::sort(counting.begin(), counting.end(), [](const ConsentStatement* x, const ConsentStatement* y) {
    return std::tie(x->from, x->unix_milliseconds, x->number) < std::tie(y->from, y->unix_milliseconds, y->number);
  });
  Consent consent;
  bool withdrawn_once = false;
  for (const ConsentStatement* s : counting) {
    if (s->kind == ConsentKind::kWithdrawn) {
      if (consent.state != ConsentState::kWithdrawn) consent.since = s->from;
      consent.state = ConsentState::kWithdrawn;
      consent.facilities.clear();
      withdrawn_once = true;
      continue;
    }
    const ConsentState state = withdrawn_once ? ConsentState::kReconsented : ConsentState::kRegistered;
    if (consent.state != state) consent.since = s->from;
    consent.state = state;
    consent.facilities = s->facilities;
  }
  return consent;
}

bool MayBeTold(const Consent& consent, ConsentBasis basis, std::string_view facility) {
  switch (consent.state) {
    case ConsentState::kUnasked: return basis == ConsentBasis::kOptOut;
    case ConsentState::kWithdrawn: return false;
    case ConsentState::kRegistered:
    case ConsentState::kReconsented:
      return consent.facilities.empty() || std::ranges::find(consent.facilities, facility) != consent.facilities.end();
  }
  return false;
}

}  // namespace libmpi
