// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/feeds/mml_modules.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "libmpi/exchange/feeds/document_feed.h"

namespace libmpi {
namespace {

std::string Joined(std::string_view first, std::string_view second, std::string_view between) {
  std::string out(first);
  if (!first.empty() && !second.empty()) out += between;
  return out.append(second);
}

// ORCA leaves out the element that should hold the others.
XmlNode Inside(XmlNode module, std::string_view name) {
  const XmlNode list = module.Child(name);
  return list ? list : module;
}

// Forms of names and addresses: I ideographs, P (syllabic) kana, A letters.
void ReadNames(XmlNode patient, Record* record) {
  std::array<std::vector<XmlNode>, 3> forms;
  Inside(patient, "personName").ForEach("Name", [&](XmlNode name) {
    const std::string form = name.Attribute("repCode");
    forms[form == "P" ? 1 : form == "A" ? 2 : 0].push_back(name);
  });
  const size_t count = std::max({forms[0].size(), forms[1].size(), forms[2].size()});
  for (size_t i = 0; i < count; ++i) {
    const auto form = [&](size_t which) { return i < forms[which].size() ? forms[which][i] : XmlNode(); };
    StatedName name;
    name.full = form(0).ChildText("fullname");
    name.family = form(0).ChildText("family");
    name.given = form(0).ChildText("given");
    name.full_kana = form(1).ChildText("fullname");
    name.family_kana = form(1).ChildText("family");
    name.given_kana = form(1).ChildText("given");
    name.latin = form(2).ChildText("fullname");
    if (name.latin.empty()) name.latin = Joined(form(2).ChildText("family"), form(2).ChildText("given"), " ");
    AddName(std::move(name), record);
  }
}

void ReadAddress(XmlNode address, Record* record) {
  const std::string form = address.Attribute("repCode");
  if (form == "P" || form == "A" || address.Attribute("addressClass") == "business") return;
  StatedAddress stated;
  stated.postal_code = address.ChildText("zip");
  stated.full = address.ChildText("full");
  stated.prefecture = address.ChildText("prefecture");
  stated.city = address.ChildText("city");
  stated.street = address.ChildText("town") + address.ChildText("homeNumber");
  AddAddress(std::move(stated), record);
}

// ORCA says the whole number in the memo.
void ReadPhone(XmlNode phone, Record* record) {
  const std::string kind = phone.Attribute("telEquipType");
  if (kind == "FX" || kind == "MD") return;
  const std::string area = Joined(phone.ChildText("area"), phone.ChildText("city"), "-");
  std::string number = Joined(area, phone.ChildText("number"), "-");
  AddPhone(number.empty() ? phone.ChildText("memo") : std::move(number), record);
}

}  // namespace

std::string MmlPatientNumber(XmlNode patient) {
  const XmlNode unique = Inside(patient, "uniqueInfo");
  return Inside(unique, "masterId").ChildText("Id");
}

void ReadMmlPatient(XmlNode patient, Record* record) {
  ReadNames(patient, record);
  AddBirth(patient.ChildText("birthday"), record);
  AddSex(patient.ChildText("sex"), record);
  Inside(patient, "addresses").ForEach("Address", [&](XmlNode address) { ReadAddress(address, record); });
  Inside(patient, "phones").ForEach("Phone", [&](XmlNode phone) { ReadPhone(phone, record); });
}

void ReadMmlInsurance(XmlNode insurance, Record* record) {
  const XmlNode client = insurance.Child("clientId");
  AddCoverage({insurance.ChildText("insuranceNumber"), client.ChildText("group"), client.ChildText("number"), ""},
              record);
  insurance.Child("publicInsurance").ForEach("publicInsuranceItem", [&](XmlNode item) {
    AddCoverage({item.ChildText("provider"), "", item.ChildText("recipient"), ""}, record);
  });
}

}  // namespace libmpi
