// SPDX-License-Identifier: Apache-2.0
// One change of the registry, from what is asked to all that is written. Internal to libmpi/registry.
#ifndef LIBMPI_REGISTRY_RECORD_CHANGES_H_
#define LIBMPI_REGISTRY_RECORD_CHANGES_H_

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/linkage/linkage_change.h"
#include "libmpi/registry/rep.h"

namespace libmpi {

// The linkage under change, and what follows from it: persons, questions, history. For one change:
//   RecordChanges changes(rep, writing);
//   changes.Take(...), changes.Bring(...) ...; changes.Finish(event); changes.Answer(...)
class RecordChanges {
 public:
  // Borrows both.
  RecordChanges(const Registry::Rep& rep, const Writing& writing);

  // Scores that are known already. Borrowed.
  void Know(const KnownScores* scores) { change_.Know(scores); }

  // What is kept of an identifier.
  absl::Status ReadStatement(const RecordKey& key, Statement* statement, bool* found) const;
  void WriteStatement(const Statement& statement);

  // The record leaves the linkage; its node is remembered in the statement.
  absl::Status Take(Statement* statement);
  // Its number has just been given.
  void IsNew(const Statement& statement) { change_.IsNew(statement.number); }
  // It comes to it; `packed` is what FrozenModel::Pack makes of it.
  absl::Status Bring(const Statement& statement, std::string packed);
  // It says something else. Nothing where that makes the same node.
  absl::Status Exchange(const Statement& statement, std::string packed);
  // Whose enterprise ID the record bears has changed.
  absl::Status Rerank(const Statement& statement) { return change_.SetRank(statement.number, statement.rank()); }
  // Statements of others that the change writes are named in its event.
  void Also(const RecordKey& key) { event_.also.push_back(key); }
  absl::Status Touch(const Statement& statement) { return change_.Touch(statement.number, statement.decided); }

  // The origins of a record that leaves go to the earliest registered other one of its person, if any.
  absl::Status Bequeath(Statement* from);
  // Another record stands in the place of `from` for the enterprise IDs that answer with it; null: none does.
  absl::Status HandOver(const Statement& from, const RecordKey* to);

  // Works out persons and writes them, the questions and the event. The event's kind, record and so on are given.
  absl::Status Finish(EventValue event);

  // The same for a generation that does not serve yet: no event, no history. Writes nothing where `take` refuses the
  // records that were decided again.
  absl::Status FinishQuietly(const std::function<bool(std::span<const KeptRecord>)>& take);

  // Of the record that the change is about.
  absl::Status Answer(const Statement& statement, ChangeAnswer* answer) const;

 private:
  absl::Status WriteLinkage();
  absl::Status WriteTerms();
  absl::Status WritePersons();
  absl::Status WriteMembersBefore(const std::set<uint32_t>& affected,
                                  const std::map<uint32_t, std::vector<const KeptRecord*>>& members);
  absl::Status WriteQuestions();
  PersonOutcome OutcomeFor(uint32_t record) const;

  const Registry::Rep& rep_;
  const Writing& writing_;
  const Keys& keys_;
  StoreLinkage linkage_;
  LinkageChange change_;
  std::vector<RecordKey> taken_;
  bool quiet_ = false;
  EventValue event_;
  uint64_t event_number_ = 0;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_RECORD_CHANGES_H_
