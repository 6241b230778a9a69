// SPDX-License-Identifier: Apache-2.0
#include "libmpi/network/takeover.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/network/rows.h"

namespace libmpi {
namespace {

using Kind = Disagreement::Kind;

// Of a large part so many records are compared: its strongest pair is found among them mostly.
constexpr size_t kMostOfPart = 40;
constexpr size_t kAliasesAtOnce = 50'000;

constexpr std::string_view kReasons[] = {"taken over: one person there", "taken over: two persons there",
                                         "taken over: keeps a person there together",
                                         "taken over: keeps persons there apart"};
constexpr std::string_view kTakeoverOf = "takeover of ";

std::string_view ReasonOf(Kind kind) { return kReasons[static_cast<size_t>(kind)]; }
bool IsSame(Kind kind) { return kind == Kind::kTogether || kind == Kind::kSupport; }
bool IsSupport(Kind kind) { return kind == Kind::kSupport || kind == Kind::kSupportApart; }

// Records of one person, or of a part of one.
using Part = std::vector<RecordKey>;

// Persons by the index before and by the registry.
struct Partitions {
  std::vector<Part> before;                          // live records, by person of the index
  std::map<RecordKey, size_t> before_of;             // person of the index by record
  std::map<EnterpriseId, Part> now;                  // persons with any record of the index: those of it
};

class IndexComparison {
 public:
  IndexComparison(const Registry& registry, std::span<const InheritedPerson> persons, const TakeoverOptions& options)
      : registry_(registry), persons_(persons), options_(options) {}

  absl::Status Run(TakeoverAnswer* answer) {
    answer->persons = persons_.size();
    LIBMPI_RETURN_IF_ERROR(ReadBefore(answer));
    LIBMPI_RETURN_IF_ERROR(ReadNow());
    for (size_t p = 0; p < partitions_.before.size(); ++p) LIBMPI_RETURN_IF_ERROR(CompareBefore(p, answer));
    std::vector<const Part*> persons;
    for (const auto& [id, part] : partitions_.now) persons.push_back(&part);
    std::ranges::sort(persons, [](const Part* x, const Part* y) { return *x < *y; });
    for (const Part* part : persons) LIBMPI_RETURN_IF_ERROR(CompareNow(*part, answer));
    std::ranges::stable_sort(answer->disagreements, [](const Disagreement& x, const Disagreement& y) {
      // The most doubtful first: together at a low weight, apart at a high one.
      const auto doubt = [](const Disagreement& d) { return d.kind == Kind::kTogether ? -d.weight : d.weight; };
      return doubt(x) > doubt(y);
    });
    return absl::OkStatus();
  }

 private:
  absl::Status ReadBefore(TakeoverAnswer* answer) {
    std::set<std::string_view> ids;
    partitions_.before.resize(persons_.size());
    for (size_t p = 0; p < persons_.size(); ++p) {
      LIBMPI_RETURN_IF_ERROR(ReportProgress(options_.progress, "read", p, persons_.size()));
      const InheritedPerson& person = persons_[p];
      if (person.id.empty() || !ids.insert(person.id).second)
        return absl::InvalidArgumentError("person " + std::to_string(p + 1) +
                                          " of the index has no ID, or another one's");
      for (const std::string& retired : person.retired_ids)
        if (retired.empty() || !ids.insert(retired).second)
          return absl::InvalidArgumentError("person " + std::to_string(p + 1) +
                                            " of the index: a retired ID stands twice");
      for (const RecordKey& record : person.records) {
        if (partitions_.before_of.contains(record)) {
          ++answer->repeated_records;
          continue;
        }
        RecordStatus status = RecordStatus::kRetired;
        const absl::StatusOr<Record> known = registry_.Get(record, &status);
        if (!known.ok() && !absl::IsNotFound(known.status())) return known.status();
        if (!known.ok() || status != RecordStatus::kLive) {
          ++answer->unknown_records;
          continue;
        }
        partitions_.before_of[record] = p;
        partitions_.before[p].push_back(record);
      }
      std::ranges::sort(partitions_.before[p]);
    }
    answer->ids = ids.size();
    return absl::OkStatus();
  }

  absl::Status ReadNow() {
    for (const Part& part : partitions_.before)
      for (const RecordKey& record : part) {
        LIBMPI_ASSIGN_OR_RETURN(const CrossReference person, registry_.Find(record));
        now_of_[record] = person.person;
        partitions_.now[person.person].push_back(record);
      }
    for (auto& [id, part] : partitions_.now) std::ranges::sort(part);
    return absl::OkStatus();
  }

  // A person of the index whom the registry has in several parts.
  absl::Status CompareBefore(size_t p, TakeoverAnswer* answer) {
    std::map<EnterpriseId, Part> parts;
    for (const RecordKey& record : partitions_.before[p]) parts[now_of_[record]].push_back(record);
    if (parts.size() == 1 && partitions_.now[parts.begin()->first] == parts.begin()->second) ++answer->agreed;
    if (parts.size() < 2) return absl::OkStatus();
    std::vector<Part> lists;
    for (auto& [id, part] : parts) lists.push_back(std::move(part));
    std::ranges::sort(lists);  // enterprise IDs are no order: another registry has others
    return Join(lists, answer);
  }

  // Pairs that join the parts, the strongest first (Kruskal's): one fewer than there are parts.
  absl::Status Join(const std::vector<Part>& parts, TakeoverAnswer* answer) {
    std::vector<Disagreement> pairs;
    std::map<std::pair<RecordKey, RecordKey>, std::pair<size_t, size_t>> parts_of;
    for (size_t i = 0; i < parts.size(); ++i)
      for (size_t j = i + 1; j < parts.size(); ++j) {
        LIBMPI_ASSIGN_OR_RETURN(Disagreement pair, Strongest(Kind::kTogether, parts[i], parts[j]));
        parts_of[{pair.a, pair.b}] = {i, j};
        pairs.push_back(std::move(pair));
      }
    std::ranges::stable_sort(pairs, [](const Disagreement& x, const Disagreement& y) { return x.weight > y.weight; });
    std::vector<size_t> joined(parts.size());
    for (size_t i = 0; i < parts.size(); ++i) joined[i] = i;
    for (Disagreement& pair : pairs) {
      const auto [i, j] = parts_of[{pair.a, pair.b}];
      const size_t from = joined[j], to = joined[i];
      if (from == to) continue;
      std::ranges::replace(joined, from, to);
      answer->disagreements.push_back(std::move(pair));
    }
    return absl::OkStatus();
  }

  // A person of the registry who was several of the index.
  absl::Status CompareNow(const Part& records, TakeoverAnswer* answer) {
    std::map<size_t, Part> parts;
    for (const RecordKey& record : records) parts[partitions_.before_of[record]].push_back(record);
    for (auto x = parts.begin(); x != parts.end(); ++x)
      for (auto y = std::next(x); y != parts.end(); ++y) {
        LIBMPI_ASSIGN_OR_RETURN(Disagreement pair, Strongest(Kind::kApart, x->second, y->second));
        answer->disagreements.push_back(std::move(pair));
      }
    return absl::OkStatus();
  }

  absl::StatusOr<Disagreement> Strongest(Kind kind, const Part& x, const Part& y) {
    Disagreement best;
    best.kind = kind;
    bool any = false;
    for (size_t i = 0; i < std::min(x.size(), kMostOfPart); ++i)
      for (size_t j = 0; j < std::min(y.size(), kMostOfPart); ++j) {
        const auto [a, b] = std::minmax(x[i], y[j]);
        LIBMPI_ASSIGN_OR_RETURN(const Explanation why, registry_.Explain(a, b));
        const double weight = WeightBits(why.weight);
        if (any && weight <= best.weight) continue;
        any = true;
        best.a = a;
        best.b = b;
        best.weight = weight;
      }
    best.id_a = persons_[partitions_.before_of[best.a]].id;
    best.id_b = persons_[partitions_.before_of[best.b]].id;
    return best;
  }

  const Registry& registry_;
  const std::span<const InheritedPerson> persons_;
  const TakeoverOptions& options_;
  Partitions partitions_;
  std::map<RecordKey, EnterpriseId> now_of_;
};

std::string RowsOf(const std::string& index, const RecordKey& record) {
  return RowKey(NetworkRow::kTakeover, index + '\0' + IdentifierInKey(record));
}
std::string RowOf(const std::string& index, const RecordKey& record, const RecordKey& other) {
  return RowsOf(index, record) + IdentifierInKey(other);
}

// The two records of a row's key, behind the index's name.
bool ReadRow(std::string_view rest, Disagreement* d) {
  for (RecordKey* key : {&d->a, &d->b}) {
    for (std::string* part : {&key->source, &key->record_id}) {
      const size_t end = rest.find('\0');
      if (end == std::string_view::npos) return false;
      *part = std::string(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    if (rest.size() < 2) return false;
    key->part = static_cast<uint16_t>(BigEndianAtEnd(rest.substr(0, 2), 2));
    rest.remove_prefix(2);
  }
  return rest.empty();
}

bool ReadKind(std::string_view value, Kind* kind) {
  if (value.size() != 1 || static_cast<uint8_t>(value[0]) > static_cast<uint8_t>(Kind::kSupportApart)) return false;
  *kind = static_cast<Kind>(value[0]);
  return true;
}

std::string RowsOfAll(const std::string& index) { return RowKey(NetworkRow::kTakeover, index + '\0'); }

// Calls visit(entry) for those whose rows begin so, until it returns false; each stands both ways.
absl::Status ForEachEntry(const Registry& registry, const std::string& index, const std::string& rows_begin,
                          const std::function<bool(Disagreement)>& visit) {
  const size_t name = RowsOfAll(index).size();
  bool damaged = false;
  LIBMPI_RETURN_IF_ERROR(registry.ReadSide([&](const SideReader& rows) {
    return rows.Scan(rows_begin, [&](std::string_view key, std::string_view value) {
      Disagreement d;
      damaged = !ReadKind(value, &d.kind) || !ReadRow(key.substr(name), &d);
      return !damaged && visit(std::move(d));
    });
  }));
  return damaged ? absl::DataLossError("an entry of a takeover is damaged") : absl::OkStatus();
}

absl::Status Decide(Registry* registry, const std::string& index, const Disagreement& d) {
  const absl::Status decided =
      registry->Decide(d.a, d.b, IsSame(d.kind), {TakeoverActor(index), std::string(ReasonOf(d.kind))},
                       [&](const ChangeAnswer&, SideRows* rows) {
                         const std::string kind(1, static_cast<char>(d.kind));
                         rows->Put(RowOf(index, d.a, d.b), kind);
                         rows->Put(RowOf(index, d.b, d.a), kind);
                         return absl::OkStatus();
                       }).status();
  // Stewards' own decisions say otherwise: theirs count.
  return absl::IsFailedPrecondition(decided) ? absl::OkStatus() : decided;
}

SideChange Forgetting(const std::string& index, const Disagreement& d) {
  return [&index, &d](const ChangeAnswer&, SideRows* rows) {
    rows->Delete(RowOf(index, d.a, d.b));
    rows->Delete(RowOf(index, d.b, d.a));
    return absl::OkStatus();
  };
}

absl::Status PutIds(Registry* registry, std::span<const InheritedPerson> persons, const TakeoverOptions& options,
                    const Attribution& by) {
  std::vector<PersonAlias> aliases;
  for (size_t p = 0; p < persons.size(); ++p) {
    std::vector<std::string> ids = persons[p].retired_ids;
    ids.push_back(persons[p].id);
    for (std::string& id : ids) aliases.push_back({{options.index, std::move(id), 0}, persons[p].records});
    if (aliases.size() < kAliasesAtOnce && p + 1 < persons.size()) continue;
    LIBMPI_RETURN_IF_ERROR(ReportProgress(options.progress, "ids", p, persons.size()));
    LIBMPI_RETURN_IF_ERROR(registry->PutAliases(aliases, by));
    aliases.clear();
  }
  return absl::OkStatus();
}

// Decisions on pairs move others with them: a record may be drawn away by the average of a cluster that two of its
// records were tied into, or go with a part that was kept apart. So one compares again until persons are as they were.
absl::Status Support(Registry* registry, std::span<const InheritedPerson> persons, const TakeoverOptions& options) {
  constexpr int kMostRounds = 8;
  for (int round = 0; round < kMostRounds; ++round) {
    TakeoverAnswer again;
    LIBMPI_RETURN_IF_ERROR(IndexComparison(*registry, persons, options).Run(&again));
    for (Disagreement& d : again.disagreements) {
      d.kind = d.kind == Kind::kApart ? Kind::kSupportApart : Kind::kSupport;
      LIBMPI_RETURN_IF_ERROR(Decide(registry, options.index, d));
    }
    if (again.disagreements.empty()) break;
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view DisagreementName(Kind kind) {
  switch (kind) {
    case Kind::kTogether: return "together";
    case Kind::kApart: return "apart";
    case Kind::kSupport: return "support";
    case Kind::kSupportApart: return "support_apart";
  }
  return "";
}

std::string TakeoverActor(const std::string& index) { return std::string(kTakeoverOf) + index; }

bool IsTakeoverActor(std::string_view actor) { return actor.starts_with(kTakeoverOf); }

absl::StatusOr<TakeoverAnswer> TakeOver(Registry* registry, std::span<const InheritedPerson> persons,
                                        const TakeoverOptions& options, const Attribution& by) {
  if (options.index.empty()) return absl::InvalidArgumentError("the index needs a name, the source of its IDs");
  TakeoverAnswer answer;
  LIBMPI_RETURN_IF_ERROR(IndexComparison(*registry, persons, options).Run(&answer));
  if (options.dry_run) return answer;
  LIBMPI_RETURN_IF_ERROR(PutIds(registry, persons, options, by));
  for (size_t i = 0; i < answer.disagreements.size(); ++i) {
    LIBMPI_RETURN_IF_ERROR(ReportProgress(options.progress, "decide", i, answer.disagreements.size()));
    LIBMPI_RETURN_IF_ERROR(Decide(registry, options.index, answer.disagreements[i]));
  }
  LIBMPI_RETURN_IF_ERROR(Support(registry, persons, options));
  return answer;
}

absl::StatusOr<std::vector<Disagreement>> TakeoverList(const Registry& registry, const std::string& index) {
  std::vector<Disagreement> list;
  LIBMPI_RETURN_IF_ERROR(ForEachEntry(registry, index, RowsOfAll(index), [&](Disagreement d) {
    if (d.a < d.b) list.push_back(std::move(d));
    return true;
  }));
  // Those that somebody has decided on since, or withdrawn, are worked through.
  LIBMPI_ASSIGN_OR_RETURN(const std::vector<StewardDecision> decisions, registry.Decisions());
  std::map<std::pair<RecordKey, RecordKey>, uint64_t> standing;
  for (const StewardDecision& decision : decisions) standing[{decision.a, decision.b}] = decision.event;
  const std::string actor = TakeoverActor(index);
  std::vector<Disagreement> left;
  for (Disagreement& d : list) {
    const auto it = standing.find({d.a, d.b});
    if (it == standing.end()) continue;
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<HistoryEvent> events, registry.History(it->second, 1));
    if (events.empty() || events[0].by.actor != actor) continue;
    LIBMPI_ASSIGN_OR_RETURN(const Explanation why, registry.Explain(d.a, d.b));
    d.weight = WeightBits(why.weight);
    left.push_back(std::move(d));
  }
  return left;
}

namespace {

absl::Status PersonsAround(const Registry& registry, const Disagreement& d, std::set<RecordKey>* around) {
  for (const RecordKey* key : {&d.a, &d.b}) {
    LIBMPI_ASSIGN_OR_RETURN(const CrossReference person, registry.Find(*key));
    around->insert(person.identifiers.begin(), person.identifiers.end());
  }
  return absl::OkStatus();
}

// Once nothing at all is open any more, supports that no entry led to are of no use.
absl::Status DropSupportsAtTheEnd(Registry* registry, const std::string& index, const Attribution& by) {
  std::vector<Disagreement> left;
  bool any_open = false;
  LIBMPI_RETURN_IF_ERROR(ForEachEntry(*registry, index, RowsOfAll(index), [&](Disagreement d) {
    any_open = !IsSupport(d.kind);
    if (d.a < d.b) left.push_back(std::move(d));
    return !any_open;
  }));
  if (any_open) return absl::OkStatus();
  for (const Disagreement& d : left) {
    const absl::Status gone = registry->Undecide(d.a, d.b, by, Forgetting(index, d)).status();
    if (!gone.ok() && !absl::IsNotFound(gone)) return gone;
  }
  return absl::OkStatus();
}

// Once nothing about these persons is open any more, what only supported it goes the same way.
absl::Status SettleSupports(Registry* registry, const std::string& index, const std::set<RecordKey>& around,
                            bool confirm, const Attribution& by) {
  std::vector<Disagreement> near;
  for (const RecordKey& record : around)
    LIBMPI_RETURN_IF_ERROR(ForEachEntry(*registry, index, RowsOf(index, record), [&](Disagreement d) {
      near.push_back(std::move(d));
      return true;
    }));
  if (std::ranges::any_of(near, [](const Disagreement& d) { return !IsSupport(d.kind); })) return absl::OkStatus();
  std::set<std::pair<RecordKey, RecordKey>> done;
  for (const Disagreement& d : near) {
    if (!done.insert(std::minmax(d.a, d.b)).second) continue;
    const absl::Status settled = confirm ? registry->Decide(d.a, d.b, IsSame(d.kind), by, Forgetting(index, d)).status()
                                         : registry->Undecide(d.a, d.b, by, Forgetting(index, d)).status();
    if (!settled.ok() && !absl::IsNotFound(settled) && !absl::IsFailedPrecondition(settled)) return settled;
  }
  return DropSupportsAtTheEnd(registry, index, by);
}

}  // namespace

absl::StatusOr<Disagreement> TakeoverEntry(const Registry& registry, const std::string& index, const RecordKey& a,
                                           const RecordKey& b) {
  LIBMPI_ASSIGN_OR_RETURN(std::vector<Disagreement> list, TakeoverList(registry, index));
  for (Disagreement& d : list)
    if (std::minmax(a, b) == std::minmax(d.a, d.b)) return std::move(d);
  return absl::NotFoundError("these two records are no entry of the list");
}

absl::Status Confirm(Registry* registry, const std::string& index, const Disagreement& disagreement,
                     const Attribution& by) {
  std::set<RecordKey> around;
  LIBMPI_RETURN_IF_ERROR(PersonsAround(*registry, disagreement, &around));
  LIBMPI_RETURN_IF_ERROR(registry->Decide(disagreement.a, disagreement.b, IsSame(disagreement.kind), by,
                                          Forgetting(index, disagreement)).status());
  return SettleSupports(registry, index, around, true, by);
}

absl::Status Release(Registry* registry, const std::string& index, const Disagreement& disagreement,
                     const Attribution& by) {
  // The persons' records, before they may come together or part.
  std::set<RecordKey> around;
  LIBMPI_RETURN_IF_ERROR(PersonsAround(*registry, disagreement, &around));
  LIBMPI_RETURN_IF_ERROR(
      registry->Undecide(disagreement.a, disagreement.b, by, Forgetting(index, disagreement)).status());
  return SettleSupports(registry, index, around, false, by);
}

}  // namespace libmpi
