// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/requester.h"

#include <array>
#include <span>

namespace libmpi {
namespace {

constexpr std::array<std::string_view, kProfessions> kProfessionNames = {
    "physician", "dentist", "pharmacist", "nurse", "care_worker", "clerk", "system",
    "steward",   "auditor", "operator",   "researcher"};
constexpr std::array<std::string_view, kPurposes> kPurposeNames = {
    "treatment", "emergency", "registration", "stewardship", "audit", "operations", "research", "patient_request"};
constexpr std::array<std::string_view, kOperations> kOperationNames = {
    "feed",         "find",       "search", "read",   "explain",      "follow",    "review", "take_consent",
    "read_consent", "read_audit", "report", "export", "pseudonymize", "administer",
    "reidentify",   "erase"};

template <typename Value>
std::optional<Value> Named(std::span<const std::string_view> names, std::string_view name) {
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<Value>(i);
  return std::nullopt;
}

template <typename Value>
std::string_view NameOf(std::span<const std::string_view> names, Value value) {
  const auto i = static_cast<size_t>(value);
  return i < names.size() ? names[i] : "unknown";
}

}  // namespace

std::string_view ProfessionName(Profession profession) { return NameOf(kProfessionNames, profession); }
std::optional<Profession> ProfessionOf(std::string_view name) { return Named<Profession>(kProfessionNames, name); }
std::string_view PurposeName(Purpose purpose) { return NameOf(kPurposeNames, purpose); }
std::optional<Purpose> PurposeOf(std::string_view name) { return Named<Purpose>(kPurposeNames, name); }
std::string_view OperationName(Operation operation) { return NameOf(kOperationNames, operation); }
std::optional<Operation> OperationOf(std::string_view name) { return Named<Operation>(kOperationNames, name); }

}  // namespace libmpi
