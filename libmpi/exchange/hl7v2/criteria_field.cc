// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/criteria_field.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libmpi/exchange/hl7v2/identifier_field.h"
#include "libmpi/exchange/hl7v2/pid_record.h"
#include "libmpi/record/birth_date.h"
#include "libmpi/record/iso_date.h"

namespace libmpi::hl7v2 {
namespace {

// What @PID.n.m.k names; parts that are not said are 0.
struct Path {
  int field = 0, component = 0, subcomponent = 0;
  bool operator==(const Path&) const = default;
};

// Of "@PID.5.1.1"; nothing: no field of PID.
std::optional<Path> ParsePath(std::string_view text) {
  if (text.starts_with("@")) text.remove_prefix(1);
  constexpr std::string_view kSegment = "PID.";
  if (text.size() <= kSegment.size()) return std::nullopt;
  for (size_t i = 0; i < kSegment.size(); ++i)
    if ((text[i] & ~0x20) != (kSegment[i] & ~0x20)) return std::nullopt;
  int parts[3] = {0, 0, 0};
  size_t part = 0;
  bool digit_before = false;
  for (char c : text.substr(kSegment.size())) {
    if (c == '.') {
      if (!digit_before || ++part == 3) return std::nullopt;
      digit_before = false;
      continue;
    }
    if (c < '0' || c > '9' || parts[part] > 99) return std::nullopt;
    parts[part] = parts[part] * 10 + (c - '0');
    digit_before = true;
  }
  if (!digit_before) return std::nullopt;
  return Path{parts[0], parts[1], parts[2]};
}

class CriteriaReader {
 public:
  explicit CriteriaReader(DemographicsQuery* query) : query_(*query) {}

  void Read(const Field& field) {
    const std::vector<Repetition> all = field.all();
    for (size_t i = 0; i < all.size(); ++i) {
      at_ = {"QPD", 1, 3, i + 1};
      ReadOne(all[i]);
    }
    Finish();
  }

 private:
  // An identifier whose parts are repetitions of their own.
  struct Said {
    pix::Identifier identifier;
    std::optional<Location> value_at, authority_at;
    bool has_value() const { return value_at.has_value(); }
  };

  void Complain(ErrorCode code, const char* text) { query_.errors.push_back({at_, code, text}); }

  void ReadOne(const Repetition& said) {
    const std::string name = said.Text(1);
    const Component value = said.component(2);
    if (name.empty() && value.empty()) return;
    const std::optional<Path> path = ParsePath(name);
    if (!path) return Complain(kTableValueNotFound, "the criterion is no field of PID");
    if (value.empty() || value.deleted()) return;
    const std::string text = value.subcomponent(1).Text();
    switch (path->field) {
      case 3: return ReadIdentifier(*path, value, &identifiers_);
      case 18: return ReadIdentifier(*path, value, &accounts_);
      case 5: return ReadName(*path, text);
      case 7: return path->component <= 1 ? ReadBirth(text) : Unknown();
      case 8: return path->component <= 1 ? Set(&criteria().sex, text) : Unknown();
      case 11: return ReadAddress(*path, text);
      case 13:
        return path->component <= 1 || path->component == 12 ? Set(&criteria().phone, text) : Unknown();
      default: return Unknown();
    }
  }

  void Unknown() { Complain(kTableValueNotFound, "nobody is looked for by this criterion"); }

  SearchCriteria& criteria() { return query_.question.criteria; }

  // A criterion that is said twice would be two that must both fit.
  void Set(std::string* criterion, const std::string& text) {
    if (!criterion->empty() && *criterion != text) return Complain(kDataType, "the criterion is said twice");
    *criterion = text;
  }

  void ReadName(const Path& path, std::string text) {
    bool begins = false;
    while (!text.empty() && (text.back() == '*' || text.back() == '%' || text.back() == ' ')) {
      begins = begins || text.back() != ' ';
      text.pop_back();
    }
    if (text.empty()) return;  // anybody
    if (text.find_first_of("*%") != std::string::npos)
      return Complain(kDataType, "a wildcard may stand at the end of a name alone");
    if (begins) text += "*";
    if (path.component == 0) Set(&criteria().full, text);
    else if (path.component == 1 && path.subcomponent <= 1) Set(&criteria().family, text);
    else if (path.component == 2 && path.subcomponent <= 1) Set(&criteria().given, text);
    else Unknown();
  }

  void ReadBirth(const std::string& text) {
    const std::string birth = BirthOf(text);
    CivilDate date;
    std::vector<Finding> ignored;
    // A day on which nobody living was born is no error: nobody fits.
    if (!IsPartialDate(birth) && !ParseBirthDate(birth, {}, &date, &ignored))
      return Complain(kDataType, "the birth date can't be read");
    Set(&criteria().birth, birth);
  }

  void ReadAddress(const Path& path, const std::string& text) {
    if (path.subcomponent > 1) return Unknown();
    switch (path.component) {
      case 3: return Set(&city_, text);
      case 4:
        prefecture_at_ = at_;
        return Set(&prefecture_, text);
      case 5: return Set(&criteria().postal_code, text);
      default: return Unknown();
    }
  }

  // A part that the identifier has already begins the next one.
  static Said* Open(std::vector<Said>* list, std::optional<Location> Said::*part) {
    if (list->empty() || (list->back().*part).has_value()) list->emplace_back();
    return &list->back();
  }

  void ReadIdentifier(const Path& path, const Component& value, std::vector<Said>* list) {
    const std::string text = value.subcomponent(1).Text();
    if (path.component <= 1 && path.subcomponent <= 1) {
      Said* const said = Open(list, &Said::value_at);
      said->value_at = at_;
      said->identifier.value = text;
    } else if (path.component == 4) {
      ReadAuthority(path.subcomponent, value, list);
    } else if (path.component == 5) {
      if (list->empty()) list->emplace_back();
      list->back().identifier.type = text;
    } else {
      Unknown();
    }
  }

  void ReadAuthority(int subcomponent, const Component& value, std::vector<Said>* list) {
    if (subcomponent > 3) return Unknown();
    if (subcomponent == 0) {
      Said* const said = Open(list, &Said::authority_at);
      said->authority_at = at_;
      said->identifier.authority = AuthorityOf(value);
      return;
    }
    static constexpr std::string pix::Authority::*kParts[] = {
        &pix::Authority::namespace_id, &pix::Authority::universal_id, &pix::Authority::universal_id_type};
    std::string pix::Authority::*const part = kParts[subcomponent - 1];
    if (list->empty() || !(list->back().identifier.authority.*part).empty()) list->emplace_back();
    Said& said = list->back();
    if (!said.authority_at) said.authority_at = at_;
    said.identifier.authority.*part = value.subcomponent(1).Text();
  }

  void Finish() {
    // The registry looks for cities as records say them, after their prefecture or alone.
    if (!city_.empty()) {
      criteria().city = prefecture_ + city_;
    } else if (!prefecture_.empty()) {
      at_ = prefecture_at_;
      Complain(kTableValueNotFound, "nobody is looked for by prefecture alone");
    }
    for (Said& said : identifiers_) TakeIdentifier(std::move(said), true);
    for (Said& said : accounts_) TakeIdentifier(std::move(said), false);
  }

  // ITI-21: @PID.3.1 is not allowed without @PID.3.4.
  void TakeIdentifier(Said said, bool needs_authority) {
    if (!said.has_value() && !said.authority_at) return;
    at_ = said.value_at.value_or(said.authority_at.value_or(Location{"QPD", 1, 3}));
    if (!said.has_value()) return Complain(kRequiredFieldMissing, "an assigning authority without an identifier");
    if (needs_authority && !said.authority_at)
      return Complain(kRequiredFieldMissing, "an identifier without an assigning authority");
    query_.identifier_places.push_back(at_);
    query_.authority_places.push_back(said.authority_at.value_or(at_));
    query_.question.identifiers.push_back(std::move(said.identifier));
  }

  DemographicsQuery& query_;
  Location at_, prefecture_at_;  // at_: of the criterion under work
  std::string city_, prefecture_;
  std::vector<Said> identifiers_, accounts_;
};

}  // namespace

void ReadCriteria(const Field& field, DemographicsQuery* query) { CriteriaReader(query).Read(field); }

}  // namespace libmpi::hl7v2
