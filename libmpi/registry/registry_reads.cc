// SPDX-License-Identifier: Apache-2.0
// Questions to the registry, one method each.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/registry.h"
#include "libmpi/registry/rep.h"

namespace libmpi {
namespace {

absl::Status NotRegistered() { return absl::NotFoundError("no such identifier is registered"); }

CrossReference AnswerOf(PersonOfRecord&& person, const Registry::Rep& rep, std::span<const std::string> authorities,
                        bool redirected) {
  CrossReference answer;
  answer.person = rep.IdOf(person.person);
  answer.identifiers = std::move(person.members);
  answer.redirected = redirected;
  if (!authorities.empty())
    std::erase_if(answer.identifiers, [&](const RecordKey& key) {
      return std::find(authorities.begin(), authorities.end(), key.source) == authorities.end();
    });
  return answer;
}

int TrustRank(AuthorityTrust trust) {
  switch (trust) {
    case AuthorityTrust::kUnstated: return 0;
    case AuthorityTrust::kDeclared: return 1;
    case AuthorityTrust::kVerified: return 2;
  }
  return 0;
}

// Of a day's beginning; 0 where no day is known.
int64_t MillisecondsOf(const CivilDate& day) {
  if (!day.IsFull()) return 0;
  const std::chrono::sys_days days{std::chrono::year(day.year) / day.month / day.day};
  return std::chrono::milliseconds(days.time_since_epoch()).count();
}

// The record that answers for a name: the first that is live, else the state of the first. kNotFound: no such name.
absl::Status ResolveAlias(const View& view, const Keys& base, const RecordKey& name, Statement* statement,
                          bool* found) {
  std::vector<RecordKey> records;
  LIBMPI_RETURN_IF_ERROR(view.Read(base.Of(Table::kAlias, name), &records, found));
  absl::Status first = NotRegistered();
  for (const RecordKey& record : records) {
    bool redirected;
    const absl::Status status = Resolve(view, base, record, statement, &redirected);
    if (status.ok() || absl::IsDataLoss(status)) return status;
    if (absl::IsNotFound(first)) first = status;
  }
  return first;
}

// One value outside of any snapshot: it is whole by itself.
template <typename Value>
absl::Status ReadOne(const Store& store, const std::string& key, Value* value) {
  std::string bytes;
  LIBMPI_RETURN_IF_ERROR(store.Get(key, &bytes));
  return Unpack(bytes, value);
}

}  // namespace

absl::StatusOr<CrossReference> Registry::Find(const RecordKey& identifier,
                                              std::span<const std::string> authorities) const {
  std::shared_ptr<const Generation> with = rep_->generation();
  PersonOfRecord person;
  const absl::Status direct = ReadOne(*rep_->store, with->keys.Of(Table::kPerson, identifier), &person);
  if (direct.ok()) return AnswerOf(std::move(person), *rep_, authorities, false);
  if (!absl::IsNotFound(direct)) return direct;
  // Not live: why, or in whose place. Or another generation serves by now.
  const std::unique_ptr<const SnapshotView> snapshot = rep_->ViewOf(&with);
  const SnapshotView& view = *snapshot;
  Statement statement;
  bool redirected, found, by_alias = false;
  absl::Status resolved = Resolve(view, rep_->base, identifier, &statement, &redirected);
  if (absl::IsNotFound(resolved)) resolved = ResolveAlias(view, rep_->base, identifier, &statement, &by_alias);
  LIBMPI_RETURN_IF_ERROR(resolved);
  LIBMPI_RETURN_IF_ERROR(view.Read(with->keys.Of(Table::kPerson, statement.record.key), &person, &found));
  if (!found) return absl::DataLossError("the registry's tables do not fit together");
  CrossReference answer = AnswerOf(std::move(person), *rep_, authorities, redirected && !by_alias);
  answer.by_alias = by_alias;
  return answer;
}

absl::StatusOr<std::vector<RecordKey>> Registry::AliasOf(const RecordKey& name) const {
  std::vector<RecordKey> records;
  const absl::Status read = ReadOne(*rep_->store, rep_->base.Of(Table::kAlias, name), &records);
  if (absl::IsNotFound(read)) return absl::NotFoundError("no such name of a person is kept");
  LIBMPI_RETURN_IF_ERROR(read);
  return records;
}

absl::StatusOr<CrossReference> Registry::Find(const EnterpriseId& id) const {
  const std::optional<uint32_t> number = NumberOf(id, kTenant, *rep_->cipher);
  if (!number) return absl::NotFoundError("the enterprise ID is none of this registry's");
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> snapshot = rep_->ViewOf(&with);
  const SnapshotView& view = *snapshot;
  std::vector<Statement> bearers;
  LIBMPI_RETURN_IF_ERROR(BearersOf(view, rep_->base, *number, &bearers));
  if (bearers.empty() || bearers.back().status == RecordStatus::kSubsumed)
    return absl::NotFoundError("no person has this enterprise ID any more");
  if (bearers.back().status != RecordStatus::kLive) return absl::FailedPreconditionError("the record is retired");
  PersonOfRecord person;
  bool found;
  LIBMPI_RETURN_IF_ERROR(view.Read(with->keys.Of(Table::kPerson, bearers.back().record.key), &person, &found));
  if (!found) return absl::DataLossError("the registry's tables do not fit together");
  const bool redirected = person.person != *number;
  return AnswerOf(std::move(person), *rep_, {}, redirected);
}

absl::Status Registry::ForEachPerson(
    const std::function<bool(const EnterpriseId&, const std::vector<RecordKey>&)>& visit) const {
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> view = rep_->ViewOf(&with);
  const std::string prefix = with->keys.Prefix(Table::kPerson);
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(
      view->Scan(prefix, with->keys.End(Table::kPerson), [&](std::string_view key, std::string_view bytes) {
        PersonOfRecord person;
        status = Unpack(bytes, &person);
        if (!status.ok() || person.members.empty()) return status.ok();
        // Each of the person's records has the whole answer.
        if (Keys::IdentifierOf(key.substr(prefix.size())) != person.members.front()) return true;
        return visit(rep_->IdOf(person.person), person.members);
      }));
  return status;
}

absl::StatusOr<StatedRecord> Registry::GetStated(const RecordKey& identifier) const {
  Statement statement;
  const absl::Status found = ReadOne(*rep_->store, rep_->base.Of(Table::kStatement, identifier), &statement);
  if (absl::IsNotFound(found)) return NotRegistered();
  LIBMPI_RETURN_IF_ERROR(found);
  return StatedRecord{std::move(statement.record), statement.status, statement.revision, statement.said_on};
}

absl::StatusOr<Record> Registry::Get(const RecordKey& identifier, RecordStatus* status) const {
  LIBMPI_ASSIGN_OR_RETURN(StatedRecord stated, GetStated(identifier));
  if (status != nullptr) *status = stated.status;
  return std::move(stated.record);
}

absl::StatusOr<GoldenRecord> Registry::Golden(std::span<const RecordKey> records,
                                              const SurvivorshipRules& rules) const {
  const SnapshotView view(rep_->store.get());
  std::vector<std::string> keys;
  for (const RecordKey& record : records) keys.push_back(rep_->base.Of(Table::kStatement, record));
  std::vector<std::optional<std::string>> values;
  LIBMPI_RETURN_IF_ERROR(view.Read(keys, &values));
  std::map<std::string, int> trust;  // by source
  for (const RecordKey& record : records) {
    const auto [it, is_new] = trust.try_emplace(record.source, 0);
    if (!is_new) continue;
    AssigningAuthority authority;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(rep_->base.Named(Table::kAuthority, record.source), &authority, &found));
    if (found) it->second = TrustRank(authority.trust);
  }
  std::vector<Statement> statements(records.size());
  std::vector<GoldenSource> sources;
  for (size_t i = 0; i < records.size(); ++i) {
    if (!values[i]) return NotRegistered();
    LIBMPI_RETURN_IF_ERROR(Unpack(*values[i], &statements[i]));
    sources.push_back({&statements[i].record, MillisecondsOf(statements[i].said_on), trust[records[i].source]});
  }
  return MakeGoldenRecord(sources, rules, DayOf(rep_->Now()));
}

absl::StatusOr<std::vector<HeldRevision>> Registry::HeldRevisions(size_t most) const {
  std::vector<HeldRevision> held;
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(SnapshotView(rep_->store.get())
                             .Scan(rep_->base.Prefix(Table::kHeld), rep_->base.End(Table::kHeld),
                                   [&](std::string_view, std::string_view bytes) {
                                     if (held.size() == most) return false;
                                     HeldValue value;
                                     status = Unpack(bytes, &value);
                                     const RecordKey key = value.revision.key;
                                     held.push_back({key, std::move(value.revision), value.event});
                                     return status.ok();
                                   }));
  LIBMPI_RETURN_IF_ERROR(status);
  return held;
}

absl::StatusOr<Explanation> Registry::Explain(const RecordKey& a, const RecordKey& b) const {
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> snapshot = rep_->ViewOf(&with);
  const SnapshotView& view = *snapshot;
  Statement x, y;
  for (const auto& [key, statement] : {std::pair(&a, &x), std::pair(&b, &y)}) {
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(rep_->base.Of(Table::kStatement, *key), statement, &found));
    if (!found) return NotRegistered();
  }
  return with->model->Explain(x.record, y.record, std::max(x.said_on, y.said_on));
}

absl::StatusOr<std::vector<ReviewEntry>> Registry::Review(size_t most) const {
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> snapshot = rep_->ViewOf(&with);
  const SnapshotView& view = *snapshot;
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  LIBMPI_RETURN_IF_ERROR(view.Scan(with->keys.Prefix(Table::kPriority), with->keys.End(Table::kPriority),
                                   [&](std::string_view key, std::string_view) {
                                     if (pairs.size() == most) return false;
                                     const uint64_t both = Keys::LastEvent(key);  // two numbers of four bytes
                                     pairs.emplace_back(static_cast<uint32_t>(both >> 32), static_cast<uint32_t>(both));
                                     return true;
                                   }));
  std::vector<ReviewEntry> entries;
  for (const auto& [low, high] : pairs) {
    QuestionValue question;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(with->keys.Of(Table::kQuestion, low, high), &question, &found));
    if (!found) return absl::DataLossError("the registry's tables do not fit together");
    ReviewEntry entry{question.a,      question.b,        {}, {}, WeightBits(question.weight),
                      question.reason, question.priority, {}};
    // Which of the two persons has which record: the smaller key comes first, whatever the persons' numbers.
    PersonOfRecord of_a;
    LIBMPI_RETURN_IF_ERROR(view.Read(with->keys.Of(Table::kPerson, question.a), &of_a, &found));
    entry.person_a = rep_->IdOf(of_a.person);
    entry.person_b = rep_->IdOf(low == 0 || of_a.person == low ? high : low);  // 0: of one that is large
    const std::string assigned = rep_->base.Of(Table::kAssigned, low, high);
    std::vector<std::optional<std::string>> assignee;
    LIBMPI_RETURN_IF_ERROR(view.Read(std::span(&assigned, 1), &assignee));
    if (assignee[0]) LIBMPI_RETURN_IF_ERROR(UnpackText(*assignee[0], &entry.assignee));
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::StatusOr<std::vector<HistoryEvent>> Registry::History(uint64_t from, size_t most) const {
  std::vector<HistoryEvent> events;
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(
      SnapshotView(rep_->store.get())
          .Scan(rep_->base.OfEvent(Table::kEvent, from), rep_->base.End(Table::kEvent),
                [&](std::string_view key, std::string_view bytes) {
                  if (events.size() == most) return false;
                  EventValue value;
                  status = Unpack(bytes, &value);
                  HistoryEvent event{Keys::LastEvent(key), value.unix_milliseconds, value.kind, std::move(value.by),
                                     std::move(value.record), std::move(value.other), std::move(value.detail), {}};
                  for (EventValue::Move& move : value.moves) {
                    PersonMove out{std::move(move.record), std::nullopt, std::nullopt};
                    if (move.before != 0) out.before = rep_->IdOf(move.before);
                    if (move.after != 0) out.after = rep_->IdOf(move.after);
                    event.moves.push_back(std::move(out));
                  }
                  events.push_back(std::move(event));
                  return status.ok();
                }));
  LIBMPI_RETURN_IF_ERROR(status);
  return events;
}

absl::StatusOr<std::vector<RecordKey>> Registry::PersonAt(const RecordKey& record, uint64_t event) const {
  std::shared_ptr<const Generation> with;
  const std::unique_ptr<const SnapshotView> snapshot = rep_->ViewOf(&with);
  const SnapshotView& view = *snapshot;
  Statement statement;
  bool found;
  LIBMPI_RETURN_IF_ERROR(view.Read(rep_->base.Of(Table::kStatement, record), &statement, &found));
  if (!found) return NotRegistered();
  uint32_t number = statement.number;
  const bool is_last = statement.registered_event <= event;
  if (!is_last) {
    const auto later =
        std::ranges::find_if(statement.earlier, [&](const auto& e) { return e.registered_event > event; });
    if (later == statement.earlier.begin()) return absl::NotFoundError("the record was not registered then");
    number = std::prev(later)->number;
  }
  std::string bytes;
  PersonOfRecord now;
  LIBMPI_RETURN_IF_ERROR(view.Read(with->keys.Of(Table::kPerson, record), &now, &found));
  uint64_t person = found && is_last ? now.person : 0;
  bool any;
  LIBMPI_RETURN_IF_ERROR(ReadFirstAfter(view, rep_->base, Table::kPersonBefore, number, event, &bytes, &any));
  if (any) LIBMPI_RETURN_IF_ERROR(UnpackNumber(bytes, &person));
  std::vector<RecordKey> members;
  if (person == 0) return members;  // it took no part
  LIBMPI_RETURN_IF_ERROR(ReadFirstAfter(view, rep_->base, Table::kMembersBefore, static_cast<uint32_t>(person), event,
                                        &bytes, &any));
  if (any) {
    LIBMPI_RETURN_IF_ERROR(Unpack(bytes, &members));
    return members;
  }
  return std::move(now.members);  // nothing changed since
}

absl::StatusOr<std::vector<AssigningAuthority>> Registry::Authorities() const {
  std::vector<AssigningAuthority> authorities;
  LIBMPI_RETURN_IF_ERROR(SnapshotView(rep_->store.get())
                             .ForEach<AssigningAuthority>(rep_->base.Prefix(Table::kAuthority),
                                                          rep_->base.End(Table::kAuthority),
                                                          [&](std::string_view, AssigningAuthority authority) {
                                                            authorities.push_back(std::move(authority));
                                                            return absl::OkStatus();
                                                          }));
  return authorities;
}

absl::Status ForEachStatement(const View& view, const Keys& base,
                              const std::function<absl::StatusOr<bool>(Statement&& statement)>& visit) {
  absl::Status status;
  LIBMPI_RETURN_IF_ERROR(view.Scan(base.Prefix(Table::kStatement), base.End(Table::kStatement),
                                   [&](std::string_view, std::string_view bytes) {
                                     Statement statement;
                                     status = Unpack(bytes, &statement);
                                     if (!status.ok()) return false;
                                     const absl::StatusOr<bool> goes_on = visit(std::move(statement));
                                     status = goes_on.status();
                                     return goes_on.ok() && *goes_on;
                                   }));
  return status;
}

absl::Status Registry::ForEachRecord(const std::function<bool(const Record&, RecordStatus)>& visit) const {
  return ForEachStatement(SnapshotView(rep_->store.get()), rep_->base,
                          [&](Statement&& s) -> absl::StatusOr<bool> { return visit(s.record, s.status); });
}

absl::Status Registry::ForEachLeft(const std::function<bool(const LeftRecord& left)>& visit) const {
  const SnapshotView view(rep_->store.get());
  const Keys& base = rep_->base;
  // The event that took the record out: the last one that changed its person.
  const auto since = [&](const Statement& statement, int64_t* unix_milliseconds) -> absl::Status {
    uint64_t last = statement.registered_event;
    LIBMPI_RETURN_IF_ERROR(view.Scan(base.OfEvent(Table::kPersonBefore, statement.number, 0),
                                     base.OfEvent(Table::kPersonBefore, statement.number, UINT64_MAX),
                                     [&last](std::string_view key, std::string_view) {
                                       last = Keys::LastEvent(key);
                                       return true;
                                     }));
    EventValue event;
    bool found;
    LIBMPI_RETURN_IF_ERROR(view.Read(base.OfEvent(Table::kEvent, last), &event, &found));
    if (!found) return absl::DataLossError("the registry's history lacks an event");
    *unix_milliseconds = event.unix_milliseconds;
    return absl::OkStatus();
  };
  return ForEachStatement(view, base, [&](Statement&& statement) -> absl::StatusOr<bool> {
    if (statement.status == RecordStatus::kLive || statement.erased) return true;
    LeftRecord left{statement.record.key, statement.status, statement.surviving, 0};
    LIBMPI_RETURN_IF_ERROR(since(statement, &left.since_unix_milliseconds));
    return visit(left);
  });
}

}  // namespace libmpi
