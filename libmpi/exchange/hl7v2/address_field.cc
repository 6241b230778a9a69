// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/address_field.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "libmpi/record/phone.h"

namespace libmpi::hl7v2 {
namespace {

// HL7 table 0190: home, legal, current, mailing, permanent, registry home.
bool IsHome(std::string_view type) {
  for (std::string_view home : {"", "H", "L", "C", "M", "P", "RH"})
    if (type == home) return true;
  return false;
}

// HL7 table 0202.
bool IsPhone(std::string_view use, std::string_view equipment) {
  if (use == "NET") return false;
  for (std::string_view other : {"Internet", "X.400", "BP", "FX"})
    if (equipment == other) return false;
  return true;
}

std::string NumberOf(const Components& said) {
  for (size_t component : {12, 1})
    if (std::string number = said.Text(component); !number.empty()) return number;
  std::string area = said.Text(6);
  if (said.Text(5) == "81" && !area.empty() && area[0] != '0') area.insert(0, "0");
  if (const std::string local = said.Text(7); !local.empty()) return area.empty() ? local : area + "-" + local;
  return said.Text(9);
}

bool IsMobile(std::string_view number) {
  std::vector<Finding> ignored;
  const std::vector<PhoneFeatures> read = ParsePhones(number, &ignored);
  return read.size() == 1 && read[0].kind == PhoneKind::kMobile;
}

// As far as it says so itself: what country was said is not kept.
bool IsInJapan(const StatedAddress& address) {
  constexpr std::string_view kEnds[] = {"都", "道", "府", "県"};
  const auto of_japan = [&](std::string_view end) { return std::string_view(address.prefecture).ends_with(end); };
  const auto digits = std::ranges::count_if(address.postal_code, [](char c) { return c >= '0' && c <= '9'; });
  return std::ranges::any_of(kEnds, of_japan) || digits == 7 || !address.full.empty();
}

}  // namespace

void ReadAddresses(const Field& field, Record* record) {
  for (const Repetition& said : field.all()) {
    const Components parts(said);
    if (said.deleted() || !IsHome(parts.Text(7)) || parts.Text(11) == "P") continue;
    StatedAddress address;
    address.postal_code = parts.Text(5);
    address.prefecture = parts.Text(4);
    address.city = parts.Text(3);
    address.street = parts.Text(1);
    if (const std::string other = parts.Text(2); !other.empty())
      address.street += (address.street.empty() ? "" : " ") + other;
    const std::string whole = parts.Text(8);
    if (address.prefecture.empty() && address.city.empty()) {
      address.full = whole.empty() ? std::move(address.street) : whole;
      if (whole.empty()) address.street.clear();
    }
    if (address != StatedAddress()) record->addresses.push_back(std::move(address));
  }
}

void SetAddresses(const Record& record, size_t field, SegmentBuilder* pid) {
  for (const StatedAddress& address : record.addresses) {
    const size_t repetition = pid->Repetitions(field) + 1;
    const auto set = [&](size_t component, std::string_view text) {
      pid->SetIn(field, repetition, component, 1, text);
    };
    const bool parts = !address.prefecture.empty() || !address.city.empty();
    set(1, parts || address.full.empty() ? address.street : "");
    set(3, address.city);
    set(4, address.prefecture);
    set(5, address.postal_code);
    if (IsInJapan(address)) set(6, "JPN");
    set(7, "H");
    if (!parts) set(8, address.full);
  }
}

void ReadPhones(const Field& field, Record* record) {
  for (const Repetition& said : field.all()) {
    const Components parts(said);
    if (said.deleted() || !IsPhone(parts.Text(2), parts.Text(3))) continue;
    if (std::string number = NumberOf(parts); !number.empty()) record->phones.push_back(std::move(number));
  }
}

void SetPhones(const Record& record, const Version& version, size_t field, SegmentBuilder* pid) {
  for (const std::string& number : record.phones) {
    const size_t repetition = pid->Repetitions(field) + 1;
    pid->SetIn(field, repetition, 1, 1, number);
    pid->SetIn(field, repetition, 2, 1, "PRN");
    pid->SetIn(field, repetition, 3, 1, IsMobile(number) ? "CP" : "PH");
    if (version >= kVersion25) pid->SetIn(field, repetition, 12, 1, number);
  }
}

}  // namespace libmpi::hl7v2
