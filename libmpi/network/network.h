// SPDX-License-Identifier: Apache-2.0 A registry as a network of facilities uses it: everybody says who they are and
// what they ask for, is told what the rules and the patients' consent allow and nothing else, and leaves an entry in
// the audit trail.
//
// Linked is one thing, told of another: whatever was consented to, records are linked as the registry links them, so
// that stewards can keep it free of duplicates; consent decides who is told. It is said of an identifier and counts for
// the person: what was said of any of their identifiers, in the order of days (consent.h).
#ifndef LIBMPI_NETWORK_NETWORK_H_
#define LIBMPI_NETWORK_NETWORK_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/network/access_rules.h"
#include "libmpi/network/audit_trail.h"
#include "libmpi/network/consent.h"
#include "libmpi/network/monthly_report.h"
#include "libmpi/network/pseudonyms.h"
#include "libmpi/network/registration_report.h"
#include "libmpi/network/requester.h"
#include "libmpi/network/review_desk.h"
#include "libmpi/record/golden_record.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

struct AbsorbOptions;  // absorb.h
struct AbsorbAnswer;

// What was said of consent, and of which identifier.
struct SaidConsent {
  RecordKey identifier;
  ConsentStatement statement;
};

struct PersonConsent {
  Consent now;
  std::vector<SaidConsent> said;  // by number
};

// How long values are kept of those who take no part any more; days, 0: for good.
struct RetentionRules {
  uint32_t retired_days = 0;            // a record that its facility withdrew
  uint32_t withdrawn_days = 0;          // the records of a person who has withdrawn consent
};

struct ErasureAnswer {
  uint64_t records = 0;                 // erased, or to be
  uint64_t retired = 0, withdrawn = 0;  // because of what: withdrawn records, persons who have withdrawn
};

struct NetworkOptions {
  // When a question is answered, its entry in the trail is on disk; or it is written, and on disk some 20 ms later
  // (side_rows.h): then a power cut may lose the entries of the last questions, all that were after a certain one.
  WriteUntil noted = WriteUntil::kSynced;
};

// A person as far as somebody may be told of them.
struct PersonDescription {
  CrossReference person;
  GoldenRecord golden;
};

// Part of the history, for who follows it.
struct FollowAnswer {
  std::vector<HistoryEvent> events;
  uint64_t next = 0;                    // from which to ask on
};

// Thread-safe. Every call is one entry in the audit trail, written before its answer is given: where the trail can't be
// written, kUnavailable is all that is said.
//
// Errors, beside the registry's: kPermissionDenied, the rules do not allow it, or nobody knows the facility. Of a
// person of whom the requester may not be told the answer is kNotFound, the same as of one who is not there.
class Network {
 public:
  // Borrows the registry, which has to be open for writing and to which nobody else should write but by this. Rules are
  // AccessRules::Default() until others are set.
  static absl::StatusOr<std::unique_ptr<Network>> Open(Registry* registry, const NetworkOptions& options = {});
  ~Network();
  // Whether the registry is a network's already: it has rules or facilities.
  static absl::StatusOr<bool> IsNetwork(const Registry& registry);

  // Asks for leave to do what the host does by itself (a backup, an export), and notes it: kPermissionDenied where the
  // rules do not allow it to somebody who sees all.
  absl::Status Admit(Operation operation, const std::string& action, const Requester& by);
  // Notes what its host refused before it came to a call: `detail` says why, without values. kUnavailable: it can't be noted.
  absl::Status NoteFailure(Operation operation, const std::string& action, std::vector<RecordKey> asked,
                           const std::string& detail, const Requester& by);

  AccessRules rules() const;
  std::vector<Facility> facilities() const;
  absl::Status SetRules(const AccessRules& rules, const Requester& by);
  // Adds or changes a facility. kFailedPrecondition: one of its authorities is another's.
  absl::Status PutFacility(const Facility& facility, const Requester& by);
  SurvivorshipRules survivorship() const;
  absl::Status SetSurvivorship(const SurvivorshipRules& rules, const Requester& by);
  absl::Status PutAuthority(const AssigningAuthority& authority, const Requester& by);
  // Authorities whose identifiers any facility that feeds may state of its own patients (a national number), whosever
  // they are. By name.
  std::vector<std::string> shared_authorities() const;
  absl::Status SetSharedAuthorities(const std::vector<std::string>& names, const Requester& by);

  // As the registry's. A facility changes records of its own authorities alone. Who might not find just anybody is told
  // of links and moves of their own records alone, and of an outcome as if there were no others: who else knows the
  // person is for Find() to tell. `also` is written in the same commit, and told what the registry made.
  absl::StatusOr<ChangeAnswer> Put(const Record& record, const Requester& by, const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> Retire(const RecordKey& record, const Requester& by, const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> Subsume(const RecordKey& subsumed, const RecordKey& surviving, const Requester& by,
                                       const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> Unsubsume(const RecordKey& subsumed, const Requester& by, const SideChange& also = {});
  // A facility says of two of its own identifiers, or of one and one of a shared authority, that they are one patient,
  // and both go on (HL7 A24); Unlink() is the inverse (A37). A decision as a steward's. kFailedPrecondition: another one
  // contradicts it, or the one that there is is not the facility's own; kNotFound: there is none.
  absl::StatusOr<ChangeAnswer> Link(const RecordKey& a, const RecordKey& b, const Requester& by,
                                    const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> Unlink(const RecordKey& a, const RecordKey& b, const Requester& by,
                                      const SideChange& also = {});
  // Beside a record of its own a facility states an identifier of a shared authority, of which it says the same:
  // Registry::PutShared(). And it withdraws the record of such a one, as Retire(): for who keeps account of who states
  // it to ask for when nobody does any more.
  absl::StatusOr<ChangeAnswer> StateShared(const RecordKey& own, const Record& said, bool revise, const Requester& by,
                                           const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> WithdrawShared(const RecordKey& own, const RecordKey& shared, const Requester& by,
                                              const SideChange& also = {});

  absl::StatusOr<CrossReference> Find(const RecordKey& identifier, std::span<const std::string> authorities,
                                      const Requester& by);
  absl::StatusOr<CrossReference> Find(const EnterpriseId& person, const Requester& by);
  absl::StatusOr<Record> Get(const RecordKey& identifier, RecordStatus* status, const Requester& by);
  // The golden record of the person of an identifier, by the network's survivorship rules, of those of the person's
  // records that the requester may be told of.
  absl::StatusOr<GoldenRecord> Golden(const RecordKey& identifier, const Requester& by);
  // Of each identifier who that is, with the golden record of what may be told; nothing where nobody is there of whom that
  // is so. For lists of those whom a search found: one entry, and whoever may search is answered.
  absl::StatusOr<std::vector<std::optional<PersonDescription>>> Describe(std::span<const RecordKey> identifiers,
                                                                         const Requester& by);
  absl::StatusOr<SearchAnswer> Search(const Record& record, size_t most, const Requester& by);
  absl::StatusOr<SearchAnswer> Search(const SearchCriteria& criteria, size_t most, const Requester& by);
  absl::StatusOr<Explanation> Explain(const RecordKey& a, const RecordKey& b, const Requester& by);
  // What changed with the requester's own records (of all, who sees all), with moves as far as they might find them.
  // Looks at `most` events from a number on.
  absl::StatusOr<FollowAnswer> Follow(uint64_t from, size_t most, const Requester& by);

  // Takes all of another registry into this one (absorb.h), for who may administer all of this, and of that where it is
  // a network's too. Two entries, before and after; as nothing is written to the other, the second says where its trail
  // stood.
  absl::StatusOr<AbsorbAnswer> Absorb(const Registry& other, AbsorbOptions options, const Requester& by);

  // Stewards' work.
  absl::StatusOr<std::vector<ReviewEntry>> Review(size_t most, const Requester& by);
  absl::StatusOr<std::vector<HeldRevision>> HeldRevisions(size_t most, const Requester& by);
  absl::StatusOr<ChangeAnswer> Decide(const RecordKey& a, const RecordKey& b, bool same, const Requester& by);
  absl::StatusOr<ChangeAnswer> Undecide(const RecordKey& a, const RecordKey& b, const Requester& by);
  absl::StatusOr<ChangeAnswer> AcceptRevision(const RecordKey& record, bool same_person, const Requester& by);
  absl::StatusOr<ChangeAnswer> RefuseRevision(const RecordKey& record, const Requester& by);
  absl::Status Assign(const RecordKey& a, const RecordKey& b, const std::string& assignee, const Requester& by);

  // The steward's desk: ReviewDesk's calls, of those who see all. With four eyes Decide(), AcceptRevision() and
  // RefuseRevision() are kFailedPrecondition; who administers the network sets that, not its stewards.
  absl::StatusOr<ReviewCases> Cases(const CaseOptions& options, const Requester& by);
  absl::StatusOr<JudgeAnswer> Judge(const Judgement& judgement, const Requester& by);
  absl::StatusOr<UndoAnswer> Undo(const Requester& by);
  absl::Status AddNote(const CaseKey& of, const std::string& text, const Requester& by);
  absl::Status PutOff(const CaseKey& of, int64_t until, const Requester& by);
  absl::Status AssignCase(const CaseKey& of, const std::string& assignee, const Requester& by);
  absl::StatusOr<DeskStatistics> Statistics(int64_t from, int64_t until, const Requester& by);
  absl::StatusOr<bool> FourEyes() const;
  absl::Status SetFourEyes(bool on, const Requester& by);

  // Takes down what a patient said; it counts in the next answer, or from its day on. The identifier has to be live, or
  // merged into one that is. kInvalidArgument: no day, or a statement that limits a withdrawal. What holds afterwards.
  absl::StatusOr<Consent> TakeConsent(const RecordKey& identifier, ConsentStatement statement, const Requester& by);
  // What holds for the person. Who sees only their own is told of statements that their own facility took down.
  absl::StatusOr<PersonConsent> ConsentOf(const RecordKey& identifier, const Requester& by);
  // Takes out for good what a record says (Registry::Erase), or what all of a person do, also those of identifiers that
  // were merged into theirs. Consent that was said stays, so that who comes again is told of as they said last.
  // kInvalidArgument: no reason; kPermissionDenied: a whole person, to who does not see all.
  absl::StatusOr<ErasureAnswer> Erase(const RecordKey& identifier, bool whole_person, const Requester& by);
  absl::StatusOr<RetentionRules> Retention(const Requester& by);
  absl::Status SetRetention(const RetentionRules& rules, const Requester& by);
  // Erases what the rules say has been kept long enough. Its entry has counts; the history has each record. Cut short, it
  // is done again. O(records).
  absl::StatusOr<ErasureAnswer> EraseDue(bool dry_run, const Requester& by);

  // Counts every person. O(records).
  absl::StatusOr<RegistrationReport> Registrations(const Requester& by);
  // What happened in a month (2026-11) and what waits now; see MakeMonthlyReport().
  absl::StatusOr<libmpi::MonthlyReport> MonthlyReport(const std::string& month, const Requester& by);

  // Secondary use: calls visit(row) for each record of everybody who may be told of to the network's office, until it
  // returns false; withdrawn persons are in it for nobody. Rows come by pseudonym, so that their order tells nothing, and
  // are the same, in the same order, as long as the persons are. The entry, which has counts and the project's name and no
  // identifiers, is written before the first row. kPermissionDenied: also to who sees their own patients alone. Memory: 40
  // bytes a record. Time: a golden record a person.
  absl::StatusOr<PseudonymCounts> Pseudonymize(const Pseudonymizer& pseudonymizer, const PseudonymOptions& options,
                                               const std::function<bool(const PseudonymRow&)>& visit, const Requester& by);
  // Whose the pseudonym of a person is: for who sees all, with a reason. It may be of a person who is part of another one
  // now. kNotFound: nobody's; so is one that another key or project made. kInvalidArgument: no reason, or no pseudonym.
  absl::StatusOr<CrossReference> Reidentify(const Pseudonymizer& pseudonymizer, std::string_view pseudonym,
                                            const Requester& by);

  // Who asked for or was told of the person of an identifier, the newest first. Who sees only their own reads of their
  // own identifiers, and of no others in the entries.
  absl::StatusOr<std::vector<AuditEntry>> WhoLooked(const RecordKey& identifier, size_t most, const Requester& by);
  absl::StatusOr<std::vector<AuditEntry>> Audit(uint64_t from, size_t most, const Requester& by);
  absl::StatusOr<std::vector<UsageCount>> Usage(const std::string& first_month, const std::string& last_month,
                                                const Requester& by);
  // Where the trail stood before this very call: to be kept elsewhere.
  absl::StatusOr<AuditHead> Anchor(const Requester& by);
  absl::StatusOr<std::vector<std::string>> VerifyTrail(std::span<const AuditHead> anchors, const Requester& by);

 private:
  struct Members;
  class Call;

  Network(Registry* registry, const NetworkOptions& options) : registry_(*registry), options_(options) {}
  std::shared_ptr<const Members> members() const;
  absl::Status LoadMembers();
  absl::StatusOr<ChangeAnswer> ChangeRecord(
      Call* call, const std::function<absl::StatusOr<ChangeAnswer>(const Attribution&, const SideChange&)>& change,
      const SideChange& beside = {});
  absl::StatusOr<ChangeAnswer> RetireIn(Call* call, const RecordKey& record, const SideChange& also);
  absl::Status Administer(Call* call, const SideChange& change);
  absl::Status AtDesk(Call* call, const SideChange& beside,
                      const std::function<absl::Status(const ReviewDesk& desk)>& work);
  // What becomes of what was said of consent where a steward accepts a revision of the record.
  absl::StatusOr<SideChange> ConsentBesideAccepted(const RecordKey& record) const;

  Registry& registry_;
  const NetworkOptions options_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Members> members_;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_NETWORK_H_
