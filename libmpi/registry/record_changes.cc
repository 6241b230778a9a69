// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/record_changes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "libmpi/registry/search_terms.h"

namespace libmpi {
namespace {

absl::Status Damaged() { return absl::DataLossError("the registry's tables do not fit together"); }

}  // namespace

RecordChanges::RecordChanges(const Registry::Rep& rep, const Writing& writing)
    : rep_(rep), writing_(writing), keys_(writing.generation->keys),
      linkage_(rep.LinkageOf(writing.view, *writing.generation)),
      change_(&linkage_, writing.generation->model.get(), writing.counters->next_node) {}

absl::Status RecordChanges::ReadStatement(const RecordKey& key, Statement* statement, bool* found) const {
  return writing_.view->Read(rep_.base.Of(Table::kStatement, key), statement, found);
}

void RecordChanges::WriteStatement(const Statement& statement) {
  writing_.view->Put(rep_.base.Of(Table::kStatement, statement.record.key), Pack(statement));
}

absl::Status RecordChanges::Take(Statement* statement) {
  LIBMPI_ASSIGN_OR_RETURN(const LinkageChange::Removed removed, change_.Remove(statement->number));
  statement->node = removed.node;
  taken_.push_back(statement->record.key);
  return absl::OkStatus();
}

absl::Status RecordChanges::Bring(const Statement& statement, std::string packed) {
  KeptRecord record{statement.number, statement.rank(), 0, statement.decided, statement.record.key};
  return change_.Add(std::move(record), std::move(packed), statement.node);
}

absl::Status RecordChanges::Exchange(const Statement& statement, std::string packed) {
  LIBMPI_ASSIGN_OR_RETURN(const bool same, change_.Says(statement.number, packed));
  if (same) return Touch(statement);
  LIBMPI_ASSIGN_OR_RETURN(LinkageChange::Removed removed, change_.Remove(statement.number));
  return change_.Add(std::move(removed.record), std::move(packed), 0);
}

absl::Status RecordChanges::Bequeath(Statement* from) {
  PersonOfRecord person;
  bool found;
  LIBMPI_RETURN_IF_ERROR(writing_.view->Read(keys_.Of(Table::kPerson, from->record.key), &person, &found));
  if (!found) return Damaged();
  std::optional<Statement> heir;
  for (const RecordKey& key : person.members) {
    if (key == from->record.key) continue;
    Statement member;
    LIBMPI_RETURN_IF_ERROR(ReadStatement(key, &member, &found));
    if (!found) return Damaged();
    if (!heir || member.rank() < heir->rank()) heir = std::move(member);
  }
  if (!heir) return absl::OkStatus();
  std::vector<uint32_t> origins;
  std::set_union(heir->origins.begin(), heir->origins.end(), from->origins.begin(), from->origins.end(),
                 std::back_inserter(origins));
  heir->origins = std::move(origins);
  LIBMPI_RETURN_IF_ERROR(HandOver(*from, &heir->record.key));
  from->origins.clear();
  event_.also.push_back(heir->record.key);
  WriteStatement(*heir);
  return Rerank(*heir);
}

absl::Status RecordChanges::HandOver(const Statement& from, const RecordKey* to) {
  for (uint32_t number : from.origins) {
    const std::string key = rep_.base.Of(Table::kNumber, number);
    RecordKey bearer;
    bool found;
    LIBMPI_RETURN_IF_ERROR(writing_.view->Read(key, &bearer, &found));
    if (!found || bearer != from.record.key) continue;  // of one merged into one that was merged into this
    if (to != nullptr) writing_.view->Put(key, Pack(*to));
    else writing_.view->Delete(key);
  }
  return absl::OkStatus();
}

absl::Status RecordChanges::Finish(EventValue event) {
  event.also = std::move(event_.also);
  event_ = std::move(event);
  event_number_ = writing_.counters->next_event++;
  LIBMPI_RETURN_IF_ERROR(change_.Finish());
  LIBMPI_RETURN_IF_ERROR(WriteLinkage());
  event_.unix_milliseconds = rep_.Now();
  writing_.view->Put(rep_.base.OfEvent(Table::kEvent, event_number_), Pack(event_));
  return absl::OkStatus();
}

absl::Status RecordChanges::FinishQuietly(const std::function<bool(std::span<const KeptRecord>)>& take) {
  quiet_ = true;
  LIBMPI_RETURN_IF_ERROR(change_.Finish());
  return take(change_.decided()) ? WriteLinkage() : absl::OkStatus();
}

absl::Status RecordChanges::WriteLinkage() {
  linkage_.Write(change_, writing_.view);
  LIBMPI_RETURN_IF_ERROR(WriteTerms());
  writing_.counters->next_node = change_.next_node();
  writing_.counters->persons = static_cast<uint64_t>(static_cast<int64_t>(writing_.counters->persons) +
                                                     change_.more_persons());
  LIBMPI_RETURN_IF_ERROR(WritePersons());
  return WriteQuestions();
}

// By which people find the nodes that came, and no longer those that went.
absl::Status RecordChanges::WriteTerms() {
  std::vector<std::string> terms;
  for (const auto& [node, packed] : change_.gone_nodes()) {
    LIBMPI_RETURN_IF_ERROR(SearchTermsOf(packed, node, &terms));
    for (const std::string& term : terms) writing_.view->Delete(keys_.Named(Table::kTerm, term));
  }
  for (NodeId node : change_.new_nodes()) {
    LIBMPI_RETURN_IF_ERROR(SearchTermsOf(change_.nodes().contents.Get(node), node, &terms));
    for (const std::string& term : terms) writing_.view->Put(keys_.Named(Table::kTerm, term), std::string());
  }
  return absl::OkStatus();
}

// The answers of all records whose persons have other members than before, and what those were.
absl::Status RecordChanges::WritePersons() {
  if (change_.persons().empty()) return absl::OkStatus();
  std::set<uint32_t> affected;
  for (const LinkageChange::PersonChange& c : change_.persons()) {
    if (c.before == c.after) continue;
    if (c.before != 0) affected.insert(c.before);
    if (c.after != 0) affected.insert(c.after);
    if (quiet_) continue;
    event_.moves.push_back({c.key, c.before, c.after});
    writing_.view->Put(rep_.base.OfEvent(Table::kPersonBefore, c.record, event_number_), PackNumber(c.before));
  }
  std::map<uint32_t, std::vector<const KeptRecord*>> members;  // of affected persons, afterwards
  for (const KeptRecord& record : change_.decided())
    if (affected.contains(record.person)) members[record.person].push_back(&record);
  if (!quiet_) LIBMPI_RETURN_IF_ERROR(WriteMembersBefore(affected, members));
  for (const LinkageChange::PersonChange& c : change_.persons())
    if (c.after == 0) writing_.view->Delete(keys_.Of(Table::kPerson, c.key));
  for (auto& [person, records] : members) {
    std::sort(records.begin(), records.end(),
              [](const KeptRecord* x, const KeptRecord* y) { return x->key < y->key; });
    PersonOfRecord answer;
    answer.person = person;
    for (const KeptRecord* record : records) answer.members.push_back(record->key);
    for (const KeptRecord* record : records) {
      answer.number = record->number;
      writing_.view->Put(keys_.Of(Table::kPerson, record->key), Pack(answer));
    }
  }
  return absl::OkStatus();
}

absl::Status RecordChanges::WriteMembersBefore(
    const std::set<uint32_t>& affected, const std::map<uint32_t, std::vector<const KeptRecord*>>& members) {
  std::map<uint32_t, std::vector<RecordKey>> before;
  const auto note_before = [&](const RecordKey& key) -> absl::Status {
    PersonOfRecord was;
    bool found;
    LIBMPI_RETURN_IF_ERROR(writing_.view->Read(keys_.Of(Table::kPerson, key), &was, &found));
    if (found) before.try_emplace(was.person, std::move(was.members));
    return absl::OkStatus();
  };
  for (const RecordKey& key : taken_) LIBMPI_RETURN_IF_ERROR(note_before(key));
  for (const auto& [person, records] : members)
    for (const KeptRecord* record : records) LIBMPI_RETURN_IF_ERROR(note_before(record->key));
  for (uint32_t person : affected)
    writing_.view->Put(rep_.base.OfEvent(Table::kMembersBefore, person, event_number_), Pack(before[person]));
  return absl::OkStatus();
}

// The questions of the persons that were decided again, as far as they are other ones than before.
absl::Status RecordChanges::WriteQuestions() {
  std::set<uint32_t> persons;  // that were there before: others have no questions yet
  for (const LinkageChange::PersonChange& c : change_.persons())
    if (c.before != 0) persons.insert(c.before);
  for (const auto& [was, is] : change_.others_of(0)) persons.insert(was);
  std::map<std::pair<uint32_t, uint32_t>, std::pair<std::string, QuestionValue>> before, after;
  absl::Status status;
  for (uint32_t person : persons)
    LIBMPI_RETURN_IF_ERROR(writing_.view->Scan(
        keys_.Of(Table::kQuestion, person, 0), keys_.Of(Table::kQuestion, person, UINT32_MAX),
        [&](std::string_view key, std::string_view bytes) {
          const uint32_t other = Keys::LastNumber(key);
          QuestionValue value;
          status = Unpack(bytes, &value);
          before[std::minmax(person, other)] = {std::string(bytes), std::move(value)};
          return status.ok();
        }));
  LIBMPI_RETURN_IF_ERROR(status);
  for (const KeptReview& r : change_.review()) {
    const auto persons_asked = PersonsOfQuestion(r.reason, r.a.person, r.b.person);
    QuestionValue value{r.a.key, r.b.key, r.weight, r.reason, r.priority};
    std::string bytes = Pack(value);
    after.try_emplace(persons_asked, std::move(bytes), std::move(value));
  }
  for (const auto& [pair, was] : before) {
    const auto it = after.find(pair);
    if (it != after.end() && it->second.first == was.first) continue;
    writing_.view->Delete(keys_.Of(Table::kQuestion, pair.first, pair.second));
    writing_.view->Delete(keys_.Of(Table::kQuestion, pair.second, pair.first));
    writing_.view->Delete(keys_.OfPriority(was.second.priority, pair.first, pair.second));
    if (!quiet_)  // the facts are other ones
      writing_.view->Delete(rep_.base.Of(Table::kAssigned, pair.first, pair.second));
  }
  for (auto& [pair, is] : after) {
    const auto it = before.find(pair);
    if (it != before.end() && it->second.first == is.first) continue;
    writing_.view->Put(keys_.Of(Table::kQuestion, pair.first, pair.second), is.first);
    writing_.view->Put(keys_.Of(Table::kQuestion, pair.second, pair.first), is.first);
    writing_.view->Put(keys_.OfPriority(is.second.priority, pair.first, pair.second), std::string());
  }
  return absl::OkStatus();
}

PersonOutcome RecordChanges::OutcomeFor(uint32_t record) const {
  uint32_t before = 0, after = 0;
  bool moved = false;
  // A put is about its record, which comes to others; a decision is about both of its records.
  const bool of_two = event_.kind == EventKind::kDecided || event_.kind == EventKind::kUndecided;
  std::map<uint32_t, std::set<uint32_t>> to, from;  // persons of the other records
  for (const LinkageChange::PersonChange& c : change_.persons())
    if (c.record == record) {
      before = c.before;
      after = c.after;
      moved = before != after;
    }
  for (const auto& [was, is] : change_.others_of(of_two ? 0 : record)) {
    to[was].insert(is);
    from[is].insert(was);
  }
  if (std::ranges::any_of(from, [](const auto& f) { return f.second.size() > 1; })) return PersonOutcome::kMerged;
  if (std::ranges::any_of(to, [](const auto& t) { return t.second.size() > 1; })) return PersonOutcome::kSplit;
  if (!moved) return PersonOutcome::kNone;
  if (after == 0) return PersonOutcome::kRetired;
  const bool alone = !from.contains(after);
  if (before == 0) return alone ? PersonOutcome::kCreated : PersonOutcome::kJoined;
  // Others may bear the number of the person that it was, which came or went with it.
  if (!to.contains(before) && alone) return PersonOutcome::kNone;
  return PersonOutcome::kMoved;
}

absl::Status RecordChanges::Answer(const Statement& statement, ChangeAnswer* answer) const {
  answer->links.clear();
  answer->moves.clear();  // of a merge, which asks once for each record
  answer->event = event_number_;
  answer->revision = statement.revision;
  answer->outcome = OutcomeFor(statement.number);
  uint32_t person = 0;
  for (const KeptRecord& record : change_.decided())
    if (record.number == statement.number) person = record.person;
  for (const LinkageChange::PersonChange& c : change_.persons()) {
    if (c.record == statement.number && c.after == 0) person = c.before;
    if (c.before == c.after) continue;
    PersonMove move{c.key, std::nullopt, std::nullopt};
    if (c.before != 0) move.before = rep_.IdOf(c.before);
    if (c.after != 0) move.after = rep_.IdOf(c.after);
    answer->moves.push_back(std::move(move));
  }
  if (person != 0) answer->person = rep_.IdOf(person);
  for (const KeptLink& link : change_.links()) {
    if (link.a.number != statement.number && link.b.number != statement.number) continue;
    const KeptEnd& other = link.a.number == statement.number ? link.b : link.a;
    answer->links.push_back({other.key, rep_.IdOf(other.person), WeightBits(link.weight),
                             MatchProbability(link.weight), other.person == person, link.held});
  }
  std::stable_sort(answer->links.begin(), answer->links.end(),
                   [](const RegistryLink& x, const RegistryLink& y) { return x.weight > y.weight; });
  return absl::OkStatus();
}

}  // namespace libmpi
