// SPDX-License-Identifier: Apache-2.0
// Of each field's statements (golden_reader.h) the survivor.
#include "libmpi/record/golden_record.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "libmpi/record/golden_reader.h"
#include "libmpi/record/name_relation.h"

namespace libmpi {
namespace {

// Readings are compared with the chosen name until one fits; a person's are fewer.
constexpr size_t kMostReadings = 50;

std::vector<ValueStatement> ValuesOf(std::vector<NameStatement>* names) {
  std::vector<ValueStatement> out;
  for (NameStatement& name : *names) out.push_back(std::move(name.value));
  return out;
}

void Append(std::string_view part, std::string_view separator, std::string* text) {
  if (!text->empty() && !part.empty()) *text += separator;
  *text += part;
}

std::string Display(GoldenField field, const Spelling& s) {
  std::string text;
  switch (field) {
    case GoldenField::kName:
    case GoldenField::kKana:
    case GoldenField::kLatin:
      if (!s[0].empty()) return std::string(s[0]);
      for (size_t i : {1, 2}) Append(s[i], " ", &text);
      return text;
    case GoldenField::kAddress:
      Append(s[0], " ", &text);
      if (!s[4].empty()) Append(s[4], " ", &text);
      else for (size_t i : {1, 2, 3}) Append(s[i], " ", &text);
      return text;
    case GoldenField::kCoverage:
      for (size_t i = 0; i < 4; ++i) text += std::string(i == 0 ? "" : ":") + std::string(s[i]);
      return text;
    case GoldenField::kCare: return std::string(s[0]) + ":" + std::string(s[1]);
    default: return std::string(s[0]);
  }
}

class GoldenMaker {
 public:
  // `keys`: by Witness::record.
  GoldenMaker(const SurvivorshipRules& rules, const std::vector<const RecordKey*>& keys) : rules_(rules), keys_(keys) {}

  GoldenRecord Make(GoldenStatements said) && {
    MakeName(&said);
    MakeFormerName(std::move(said.former_names));
    MakeBirth(std::move(said.births));
    MakeSex(std::move(said.sexes));
    MakeCoverages(std::move(said.coverages));
    if (const Spelling* s = Survive(GoldenField::kCare, std::move(said.care)))
      record().care.push_back({std::string((*s)[0]), std::string((*s)[1])});
    if (const Spelling* s = Survive(GoldenField::kAddress, std::move(said.addresses)))
      record().addresses.push_back({std::string((*s)[0]), std::string((*s)[1]), std::string((*s)[2]),
                                    std::string((*s)[3]), std::string((*s)[4])});
    for (auto& [kind, phones] : said.phones)
      if (const Spelling* s = Survive(GoldenField::kPhone, std::move(phones))) record().phones.emplace_back((*s)[0]);
    record().Normalize();
    MakeRefusals(std::move(said));
    return std::move(out_);
  }

 private:
  Record& record() { return out_.record; }
  std::span<const SurvivorshipCriterion> Criteria(GoldenField field) const {
    return rules_.criteria[static_cast<size_t>(field)];
  }

  std::vector<RecordKey> Keys(const std::vector<uint32_t>& records) const {
    std::vector<RecordKey> out;
    out.reserve(records.size());
    for (uint32_t r : records) out.push_back(*keys_[r]);
    return out;
  }

  // Null: nothing was said. The spelling is good until the next call.
  const Spelling* Survive(GoldenField field, std::vector<ValueStatement> statements) {
    if (statements.empty()) return nullptr;
    ranked_ = RankValues(std::move(statements), Criteria(field));
    const auto [chosen, decision] = ChooseSurvivor(ranked_, Criteria(field));
    return Keep(field, chosen, decision);
  }

  const Spelling* Keep(GoldenField field, size_t chosen, SurvivorshipDecision decision) {
    GoldenValue value;
    value.field = field;
    value.text = Display(field, ranked_[chosen].spelling);
    value.said_by = Keys(ranked_[chosen].records);
    value.decided_by = decision;
    for (size_t i = 0; i < ranked_.size(); ++i)
      if (i != chosen) value.rivals.push_back({Display(field, ranked_[i].spelling), Keys(ranked_[i].records)});
    out_.values.push_back(std::move(value));
    chosen_ = chosen;
    return &ranked_[chosen].spelling;
  }

  // The chosen name, and what is said with it.
  struct ChosenName {
    NameFeatures read;
    std::string key;
    std::set<uint32_t> statements;  // stated names that say it
    std::set<uint32_t> records;     // that say no other one
    bool SaidWith(const NameStatement& reading) const {
      return statements.contains(reading.statement) || records.contains(reading.value.witness->record);
    }
  };

  // The kanji, and readings that are theirs.
  void MakeName(GoldenStatements* said) {
    StatedName name;
    const std::vector<NameStatement> names = said->names;
    if (const Spelling* s = Survive(GoldenField::kName, ValuesOf(&said->names))) {
      name.full = (*s)[0];
      name.family = (*s)[1];
      name.given = (*s)[2];
      ChooseName(names);
    }
    if (const Spelling* s = MakeReading(GoldenField::kKana, &said->kana, said)) {
      name.full_kana = (*s)[0];
      name.family_kana = (*s)[1];
      name.given_kana = (*s)[2];
    }
    if (const Spelling* s = MakeReading(GoldenField::kLatin, &said->latin, said)) {
      if (names.empty() && (*s)[0].empty()) {  // the only name, in the parts that it was said in
        name.family = (*s)[1];
        name.given = (*s)[2];
      } else {
        name.latin = Display(GoldenField::kLatin, *s);
      }
    }
    if (name != StatedName()) record().names.push_back(std::move(name));
  }

  void ChooseName(const std::vector<NameStatement>& names) {
    const std::vector<std::string>& parts = ranked_[chosen_].parts;
    name_.key = parts[0];
    const NameFeatures* read = nullptr;
    std::set<uint32_t> others;  // records that say another name
    for (const NameStatement& n : names) {
      if (n.value.parts != parts) {
        others.insert(n.value.witness->record);
        continue;
      }
      name_.statements.insert(n.statement);
      name_.records.insert(n.value.witness->record);
      if (read == nullptr || n.read < *read) read = &n.read;
    }
    std::erase_if(name_.records, [&](uint32_t r) { return others.contains(r); });
    name_.read = *read;
  }

  const Spelling* MakeReading(GoldenField field, std::vector<NameStatement>* readings, GoldenStatements* said) {
    if (name_.key.empty() || readings->empty()) return Survive(field, ValuesOf(readings));
    std::map<std::vector<std::string>, NameFeatures> features;  // of one value the smallest
    for (NameStatement& r : *readings) {
      if (name_.SaidWith(r)) r.value.grounds += kSaidTogether;
      const auto [kept, is_new] = features.try_emplace(r.value.parts, r.read);
      if (!is_new && r.read < kept->second) kept->second = r.read;
    }
    ranked_ = RankValues(ValuesOf(readings), Criteria(field));
    if (ranked_[0].grounds < kSaidTogether / 2 && !RaiseReadings(features)) {
      std::vector<uint32_t>& refused = said->refused[{field, FindingCode::kContradiction}];
      for (const RankedValue& value : ranked_)
        refused.insert(refused.end(), value.records.begin(), value.records.end());
      return nullptr;
    }
    const auto [chosen, decision] = ChooseSurvivor(ranked_, Criteria(field));
    return Keep(field, chosen, decision);
  }

  // Puts those that can be the name's reading before others; false: none can.
  bool RaiseReadings(const std::map<std::vector<std::string>, NameFeatures>& features) {
    const auto fits = [](PartRelation r) { return r != PartRelation::kOther && r != PartRelation::kOtherReading; };
    bool any = false;
    for (size_t i = 0; i < std::min(ranked_.size(), kMostReadings); ++i) {
      const NameFeatures& reading = features.at(ranked_[i].parts);
      const NameRelation relation = RelateNames({&name_.read, 1}, {&reading, 1}, ShippedReadings());
      if (!fits(relation.family) || !fits(relation.given)) continue;
      ranked_[i].grounds += kCanBeReading;
      any = true;
    }
    std::stable_sort(ranked_.begin(), ranked_.end(),
                     [](const RankedValue& a, const RankedValue& b) { return a.grounds > b.grounds; });
    return any;
  }

  // The present name is none.
  void MakeFormerName(std::vector<ValueStatement> said) {
    const std::vector<NameForm>& forms = FormsOf(name_.read);
    std::erase_if(said, [&](const ValueStatement& s) {
      return s.parts[0] == name_.key || (!forms.empty() && s.parts[0] == forms[0].family);
    });
    if (const Spelling* s = Survive(GoldenField::kFormerName, std::move(said)))
      record().former_names.emplace_back((*s)[0]);
  }

  void MakeBirth(std::vector<ValueStatement> said) {
    const Spelling* birth = Survive(GoldenField::kBirth, std::move(said));
    if (birth == nullptr) return;
    record().births.emplace_back((*birth)[0]);
    out_.values.back().contradicted = std::any_of(
        ranked_.begin(), ranked_.end(), [this](const RankedValue& v) { return !AreCompatible(v, ranked_[chosen_]); });
  }

  void MakeSex(std::vector<ValueStatement> said) {
    const Spelling* sex = Survive(GoldenField::kSex, std::move(said));
    if (sex == nullptr) return;
    record().sexes.emplace_back((*sex)[0]);
    out_.values.back().contradicted = ranked_.size() > 1;
  }

  void MakeCoverages(StatementsByKind said) {
    // A card without an insurer is no kind of its own beside one that says the same in full.
    std::vector<ValueStatement> unknown;
    if (auto it = said.find(0); it != said.end()) unknown = std::move(said.extract(it).mapped());
    std::vector<RankedValue> kept;
    for (auto& [kind, coverages] : said) {
      MakeCoverage(std::move(coverages));
      kept.push_back(ranked_[chosen_]);
    }
    if (unknown.empty()) return;
    const std::vector<RankedValue> ranked = RankValues(unknown, Criteria(GoldenField::kCoverage));
    const RankedValue& best = ranked[ChooseSurvivor(ranked, Criteria(GoldenField::kCoverage)).first];
    const bool known = std::any_of(kept.begin(), kept.end(), [&](const RankedValue& k) { return SaysMore(k, best); });
    if (!known) MakeCoverage(std::move(unknown));
  }

  void MakeCoverage(std::vector<ValueStatement> said) {
    const Spelling& s = *Survive(GoldenField::kCoverage, std::move(said));
    record().coverages.push_back({std::string(s[0]), std::string(s[1]), std::string(s[2]), std::string(s[3])});
  }

  void MakeRefusals(GoldenStatements said) {
    for (auto& [what, records] : said.refused) {
      std::sort(records.begin(), records.end());
      records.erase(std::unique(records.begin(), records.end()), records.end());
      out_.refused.push_back({what.first, what.second, Keys(records)});
    }
  }

  // Above all grounds that the reader gives.
  static constexpr int kSaidTogether = 16, kCanBeReading = 8;

  const SurvivorshipRules& rules_;
  const std::vector<const RecordKey*>& keys_;
  GoldenRecord out_;
  std::vector<RankedValue> ranked_;  // of the field under work, and the survivor among them
  size_t chosen_ = 0;
  ChosenName name_;  // empty while there is none
};

}  // namespace

GoldenRecord MakeGoldenRecord(std::span<const GoldenSource> sources, const SurvivorshipRules& rules, CivilDate today) {
  std::vector<const GoldenSource*> order;
  for (const GoldenSource& source : sources)
    if (source.record != nullptr) order.push_back(&source);
  std::sort(order.begin(), order.end(),
            [](const GoldenSource* a, const GoldenSource* b) { return a->record->key < b->record->key; });
  absl::flat_hash_map<std::string, int64_t> places;
  for (const std::string& source : rules.trusted_sources)
    places.try_emplace(source, static_cast<int64_t>(places.size()));

  std::vector<const RecordKey*> keys;
  std::vector<Witness> witnesses;
  uint32_t source_count = 0;
  for (const GoldenSource* s : order) {
    const RecordKey& key = s->record->key;
    if (keys.empty() || key.source != keys.back()->source) ++source_count;
    if (keys.empty() || key != *keys.back()) keys.push_back(&key);
    const auto place = places.find(key.source);
    const int64_t rank = place != places.end() ? place->second : static_cast<int64_t>(places.size());
    const uint32_t record = static_cast<uint32_t>(keys.size() - 1);
    witnesses.push_back({record, source_count, s->unix_milliseconds, {s->trust, -rank}});
  }
  std::vector<std::pair<const Record*, const Witness*>> records;
  for (size_t i = 0; i < order.size(); ++i) records.emplace_back(order[i]->record, &witnesses[i]);
  return GoldenMaker(rules, keys).Make(ReadGoldenStatements(records, rules, today));
}

}  // namespace libmpi
