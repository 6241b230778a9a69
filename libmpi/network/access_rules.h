// SPDX-License-Identifier: Apache-2.0
// Who may do what, and of whom they may be told then. Pure: the rules, who asks and what was consented to decide alone.
#ifndef LIBMPI_NETWORK_ACCESS_RULES_H_
#define LIBMPI_NETWORK_ACCESS_RULES_H_

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/network/consent.h"
#include "libmpi/network/requester.h"

namespace libmpi {

// A set of values of one of the enumerations above.
template <typename Value>
class SetOf {
 public:
  SetOf() = default;
  SetOf(std::initializer_list<Value> values) {
    for (const Value value : values) Add(value);
  }
  void Add(Value value) { bits_ |= Bit(value); }
  bool Has(Value value) const { return (bits_ & Bit(value)) != 0; }
  bool empty() const { return bits_ == 0; }
  auto operator<=>(const SetOf&) const = default;

 private:
  static uint32_t Bit(Value value) { return uint32_t{1} << static_cast<uint8_t>(value); }
  uint32_t bits_ = 0;
};

// Of which records an answer may tell; each includes those before it.
enum class Sight : uint8_t {
  kRefused,  // the operation is not allowed
  kOwn,      // of identifiers of the requester's own facility
  kToldOf,   // of those also whom consent lets be told of
  kAll,      // of all, whatever was consented to
};
std::string_view SightName(Sight sight);  // "refused", "own", "told_of", "all"
std::optional<Sight> SightOf(std::string_view name);

// Who is one of `who` and asks for one of `why` may do `what` and sees so much. What no rule allows is refused; where
// several allow it, the widest sight counts.
struct AccessRule {
  SetOf<Profession> who;
  SetOf<Purpose> why;
  SetOf<Operation> what;
  Sight sees = Sight::kRefused;
  auto operator<=>(const AccessRule&) const = default;
};

struct AccessRules {
  ConsentBasis basis = ConsentBasis::kOptIn;
  // Whether who asks at a facility is told nothing of records of other tenants' facilities, whatever rules and consent
  // say. Facilities of no tenant, and authorities of no facility, are together apart from all tenants.
  bool tenants_apart = true;
  std::vector<AccessRule> rules;
  auto operator<=>(const AccessRules&) const = default;

  // The rules that docs/network.md shows: treatment by those who treat sees whom consent lets be told of; an emergency
  // all; registration its own and whom consent lets be told of; the network's office what its work needs.
  static AccessRules Default();
};

// As JSON, and back; docs/network.md shows it. kInvalidArgument names the member that is wrong.
std::string ToJson(const AccessRules& rules);
absl::StatusOr<AccessRules> AccessRulesOfJson(std::string_view text);

// How far the requester sees. `facility`: theirs, null where the network does not know it. Beyond the rules: only the
// network's own professions (kSteward and after, kSystem) come from its office; a facility that does not feed can't
// feed; one that does not query sees its own patients only, also in an emergency.
Sight SightOf(const AccessRules& rules, const Requester& by, const Facility* facility, Operation operation);

// Whether who asks at a facility (null: the network's own office, which is above tenants) may be told of records of a
// tenant at all.
bool MayKnowTenant(const AccessRules& rules, const Facility* facility, std::string_view tenant);

// Whether a record may be told of to somebody who sees so far: `tenant` is that of the facility whose its authority is,
// `consent` that of its person.
bool MaySee(Sight sight, const AccessRules& rules, const Facility* facility, std::string_view authority,
            std::string_view tenant, const Consent& consent);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_ACCESS_RULES_H_
