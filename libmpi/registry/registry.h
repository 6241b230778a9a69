// SPDX-License-Identifier: Apache-2.0
// The registry: a living index of patients. Start here.
//
// Every facility's record of a patient is put under its identifier; the registry says at once which person this is,
// and under which identifiers other facilities know them. After any puts, revisions, retirements and decisions, in
// any order, persons are what a batch run (Dedupe) over every record's last accepted revision makes of them with the
// same model: the registry is a batch run that never ends.
#ifndef LIBMPI_REGISTRY_REGISTRY_H_
#define LIBMPI_REGISTRY_REGISTRY_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/record/golden_record.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi {

// The network's own name of a person: 128 opaque bits, never given to another person. An ID whose person has become
// part of another one's answers with that person; where the two are parted again, each has its own again.
struct EnterpriseId {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const EnterpriseId&) const = default;
  // 32 hexadecimal digits, and back.
  std::string ToString() const;
  static std::optional<EnterpriseId> Parse(std::string_view text);
};

// Who says something, and why; kept in the history.
struct Attribution {
  std::string actor;   // a user or a system; no patient's data
  std::string reason;
};

enum class RecordStatus : uint8_t {
  kLive,
  kRetired,    // withdrawn by its facility
  kSubsumed,   // its facility merged it into another of its identifiers
};
std::string_view RecordStatusName(RecordStatus status);  // "live", "retired", "subsumed"

// What a change made of the person of the record it was about; a decision, of the persons of both.
enum class PersonOutcome : uint8_t {
  kNone,     // the same records as before
  kCreated,  // a person of this record alone
  kJoined,   // the record came to a person there was
  kMoved,    // it left one person for another, or for one of its own
  kMerged,   // it made one person of several
  kSplit,    // it made several persons of one
  kRetired,  // it takes no part any more
  kHeld,     // nothing yet: the revision makes another person of the record and waits for a decision
};
std::string_view PersonOutcomeName(PersonOutcome outcome);

struct RegistryLink {
  RecordKey other;
  EnterpriseId person;       // of the other
  double weight = 0;         // bits
  double probability = 0;
  bool linked = false;       // of one person; else under review
  bool held = false;         // whatever its weight, it never links by itself
};

// A record that changed its person.
struct PersonMove {
  RecordKey record;
  std::optional<EnterpriseId> before, after;  // nothing: it took (takes) no part
};

struct ChangeAnswer {
  EnterpriseId person;       // of the record afterwards; of a retired one: the one it had
  PersonOutcome outcome = PersonOutcome::kNone;
  uint64_t event = 0;        // its number in the history; 0: nothing changed
  uint32_t revision = 0;     // of the record, from 1
  std::vector<RegistryLink> links;    // of the record, strongest first
  std::vector<PersonMove> moves;      // of all records
  std::vector<Finding> findings;      // of data quality
  // The identifier names another person from now on: what was said of it before is not of this one.
  bool another_person = false;
  // Of a decision or its withdrawal: of the other record.
  uint32_t other_revision = 0;
  // The event of what it settles: of the decision that it takes the place of or withdraws, or that held the revision
  // which it accepts or refuses; 0: there was none.
  uint64_t settles = 0;
};

// What was last accepted of a record.
struct StatedRecord {
  Record record;
  RecordStatus status = RecordStatus::kLive;
  uint32_t revision = 0;
  CivilDate said_on;         // the day of the put that was accepted
};

struct CrossReference {
  EnterpriseId person;
  std::vector<RecordKey> identifiers;  // of the person, by key, that of the question among them
  // The question was an identifier that was merged into this one, or an ID whose person is part of this one now.
  bool redirected = false;
  bool by_alias = false;     // it was a name of the person: an index before this one gave it
};

struct Candidate {
  EnterpriseId person;
  std::vector<RecordKey> identifiers;
  RecordKey best;            // the record that matches best
  double weight = 0;         // bits
  double probability = 0;
  enum class Grade : uint8_t { kCertain, kProbable, kPossible } grade = Grade::kPossible;
};
std::string_view GradeName(Candidate::Grade grade);  // "certain", "probable", "possible"

// What somebody types who looks for a person; any part may be left empty, and what is told must all fit. Names in
// kanji, kana of any width or hiragana, or romaji; folded as records are (髙 finds 高, ｻﾄｳ finds さとう). A name, or a
// part of one, may end with '*': it need only begin so.
struct SearchCriteria {
  std::string full;          // a whole name, a '*' behind each of its words or none; or any one word of it
  std::string family, given;
  std::string birth;         // as records say it, also a year, or a year and a month: 昭和35年, 1960-04, 3350401
  std::string sex;           // also finds those whose sex nobody told
  std::string postal_code;   // whole
  std::string city;          // or its beginning: 札幌市 finds 札幌市中央区
  std::string phone;
  std::string insurer, symbol, number;
  std::string authority, identifier;  // the identifier's value, with that authority or with any
};

struct SearchAnswer {
  std::vector<Candidate> candidates;  // best first
  bool too_many = false;              // more fit than were looked at: say more
};

// Given the records of each of some persons by key, leaves those that an answer may tell of, in their order; a person
// without any is none of it.
using PersonSift = std::function<absl::Status(std::vector<std::vector<RecordKey>>* members)>;

struct ReviewEntry {
  RecordKey a, b;            // the strongest pair of the question
  EnterpriseId person_a, person_b;
  double weight = 0;
  ReviewReason reason = ReviewReason::kBetweenThresholds;
  double priority = 0;
  std::string assignee;      // empty: nobody
};

// A decision that stands; a < b.
struct StewardDecision {
  RecordKey a, b;
  bool same = false;
  uint64_t event = 0;        // that made it
};

struct HeldRevision {
  RecordKey record;
  Record revision;
  uint64_t event = 0;
};

enum class EventKind : uint8_t {
  kCreated = 1, kPut, kRevised, kRetired, kHeld, kAccepted, kRefused, kSubsumed, kUnsubsumed, kDecided, kUndecided,
  kBulkLoad, kAuthority, kAssigned, kModel, kAliases,
  kErased,
};
std::string_view EventKindName(EventKind kind);

struct HistoryEvent {
  uint64_t number = 0;
  int64_t unix_milliseconds = 0;
  EventKind kind = EventKind::kPut;
  Attribution by;
  RecordKey record;          // what it is about, where that is one record
  RecordKey other;           // of a merge of identifiers or a decision
  std::string detail;        // "same", "different", a name of an authority or of a model ...
  std::vector<PersonMove> moves;
};

// Another index's name of a person, an ID that it gave or once gave: for good it answers with the person of the first
// of these records that is live.
struct PersonAlias {
  RecordKey name;            // its source: the index
  std::vector<RecordKey> records;
};

// How an authority knows who its patients are. For those who read it: linkage does not look at it.
enum class AuthorityTrust : uint8_t {
  kUnstated,
  kVerified,  // it checks them: a card asked online (オンライン資格確認), My Number card, a document with a photograph
  kDeclared,  // as the patient says
};
std::string_view AuthorityTrustName(AuthorityTrust trust);  // "" where it is not stated
std::optional<AuthorityTrust> AuthorityTrustOf(std::string_view name);

// A record that takes no part any more, and whose values are kept.
struct LeftRecord {
  RecordKey record;
  RecordStatus status = RecordStatus::kRetired;
  std::optional<RecordKey> surviving;  // of a subsumed one: the identifier that it was merged into
  int64_t since_unix_milliseconds = 0;
};

struct AssigningAuthority {
  std::string name;          // the source of RecordKey: a namespace
  std::string oid;
  std::string facility;
  std::string owner;         // who answers for it
  AuthorityTrust trust = AuthorityTrust::kUnstated;
};

struct RegistryOptions {
  uint64_t cache_bytes = uint64_t{512} << 20;
  uint64_t write_buffer_bytes = uint64_t{64} << 20;
  bool read_only = false;
  // Whether records of authorities that are not registered are refused.
  bool known_authorities_only = false;
  // Milliseconds since 1970; null: the system's clock. Its day is the day after which no birth date lies.
  std::function<int64_t()> clock;
};

// kInvalidArgument: no identifier can be so.
absl::Status CheckIdentifier(const RecordKey& key);

// Thread-safe: everything may be called from any thread at any time. Writing calls return when the change is on disk
// (synced); calls of many threads share a sync. Reading calls see whole changes only, never half a merge.
//
// Errors: kNotFound (no such identifier, ID, decision ...), kInvalidArgument, kFailedPrecondition (a state that must
// be changed first, as the message says), kUnavailable (the disk: reads go on), kDataLoss (the store is damaged).
class Registry {
 public:
  // A new registry in an empty or missing folder, which links by this model from now on.
  static absl::StatusOr<std::unique_ptr<Registry>> Create(const std::string& folder, const Model& model,
                                                          const FrozenOptions& linkage,
                                                          const RegistryOptions& options);
  // Refuses (kFailedPrecondition) a store of a format, of folding tables or with a model that this program does not
  // read, and says which those are and what to do. For writing: does what a Relink() that was cut short left to be
  // done.
  static absl::StatusOr<std::unique_ptr<Registry>> Open(const std::string& folder, const RegistryOptions& options);
  ~Registry();

  // Changes take a SideChange, which is made in the same commit, also where the registry itself has nothing to change.

  // Adds or revises the record of record.key. The same again changes nothing. A revision that makes another person of
  // the record is held (kHeld) until AcceptRevision() or RefuseRevision(); a later put takes its place. A retired
  // record is registered anew, with its enterprise ID where that stayed with nobody and it is no other person's.
  // kFailedPrecondition: a subsumed identifier (Unsubsume() it first). `said_on`: the day on which it was said, where
  // that was to another registry; {}: today.
  absl::StatusOr<ChangeAnswer> Put(const Record& record, const Attribution& by, const SideChange& also = {},
                                   CivilDate said_on = {});
  // The same of an identifier that many facilities state, each of a patient of its own (a national number). Where it is
  // registered, what one of them says revises it only if `revise`, not where that has no name or no birth date any
  // more, and not while a revision is held, which waits on. Another person is held as above.
  absl::StatusOr<ChangeAnswer> PutShared(const Record& record, bool revise, const Attribution& by,
                                         const SideChange& also = {});
  // The facility withdraws the record. Its enterprise ID stays with the others of the person.
  absl::StatusOr<ChangeAnswer> Retire(const RecordKey& record, const Attribution& by, const SideChange& also = {});

  // Takes out for good what a record says: its values, a held revision, and all that was made of them; a live one is
  // withdrawn by it, as by Retire(). Its identifier, the history and decisions, which have no values, stay; the history
  // says that it was erased, by whom and why. Erased again nothing changes. Put again it is registered anew, with
  // another enterprise ID. The bytes are gone from the files after Compact(), from backups and standbys when those are
  // made anew.
  absl::StatusOr<ChangeAnswer> Erase(const RecordKey& record, const Attribution& by, const SideChange& also = {});

  // One authority merges two of its identifiers (HL7 A40): `subsumed` is no longer live and answers as `surviving`;
  // chains resolve. Unsubsume() is the exact inverse.
  absl::StatusOr<ChangeAnswer> Subsume(const RecordKey& subsumed, const RecordKey& surviving, const Attribution& by,
                                       const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> Unsubsume(const RecordKey& subsumed, const Attribution& by, const SideChange& also = {});
  // The identifier that it was merged into. kFailedPrecondition: into none.
  absl::StatusOr<RecordKey> SurvivingOf(const RecordKey& subsumed) const;

  // A steward's decision on two records: one person, or two. Outlives revisions and new models until it is withdrawn.
  // kFailedPrecondition: it contradicts others.
  absl::StatusOr<ChangeAnswer> Decide(const RecordKey& a, const RecordKey& b, bool same, const Attribution& by,
                                      const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> Undecide(const RecordKey& a, const RecordKey& b, const Attribution& by,
                                        const SideChange& also = {});
  // The one on two records that stands; nothing: there is none.
  absl::StatusOr<std::optional<StewardDecision>> DecisionOn(const RecordKey& a, const RecordKey& b) const;
  // Those that stand, by their records. Reads every record where there is one.
  absl::StatusOr<std::vector<StewardDecision>> Decisions() const;

  absl::StatusOr<std::vector<HeldRevision>> HeldRevisions(size_t most) const;
  // A steward accepts: the same person after all (`same_person`), or another one, whose record this is from now on:
  // then the enterprise ID stays with the person that was.
  absl::StatusOr<ChangeAnswer> AcceptRevision(const RecordKey& record, bool same_person, const Attribution& by,
                                              const SideChange& also = {});
  absl::StatusOr<ChangeAnswer> RefuseRevision(const RecordKey& record, const Attribution& by,
                                              const SideChange& also = {});

  // The identifiers of the person of an identifier, in `authorities` (empty: all). kNotFound: never registered;
  // kFailedPrecondition: retired. A subsumed identifier answers as the surviving one.
  absl::StatusOr<CrossReference> Find(const RecordKey& identifier, std::span<const std::string> authorities = {}) const;
  absl::StatusOr<CrossReference> Find(const EnterpriseId& person) const;
  // What was last accepted of a record, and its state.
  absl::StatusOr<Record> Get(const RecordKey& identifier, RecordStatus* status) const;
  absl::StatusOr<StatedRecord> GetStated(const RecordKey& identifier) const;

  // Of some records, mostly those of a person, the golden one: newest by the day of the last put that was accepted,
  // trusted as their authorities are. kNotFound: one of them is not registered. O(n log n) in what they say.
  absl::StatusOr<GoldenRecord> Golden(std::span<const RecordKey> records, const SurvivorshipRules& rules) const;

  // Who might this be, before registering: the records that a run would compare `record` with, best first. Where there
  // is a `sift`, the answer is as if no other record were registered than those that it leaves; only too_many may also
  // be of others.
  absl::StatusOr<SearchAnswer> Search(const Record& record, size_t most, const PersonSift& sift = {}) const;
  // Whom the criteria fit, the `most` best. With a whole name and a whole birth date also whom a record that says this
  // resembles, as above; otherwise weights say little, for little was told, and order what fits. Bounded: some
  // thousands of entries and hundreds of records are looked at; what is beyond is told by too_many, and which of
  // those that fit then come is the same each time. kInvalidArgument: nothing is told, or a part can't be read.
  absl::StatusOr<SearchAnswer> Search(const SearchCriteria& criteria, size_t most, const PersonSift& sift = {}) const;
  // Why two records have the weight they have.
  absl::StatusOr<Explanation> Explain(const RecordKey& a, const RecordKey& b) const;

  // Questions for stewards, most valuable first.
  absl::StatusOr<std::vector<ReviewEntry>> Review(size_t most) const;
  absl::Status Assign(const RecordKey& a, const RecordKey& b, const std::string& assignee, const Attribution& by,
                      const SideChange& also = {});

  // Events from a number on (the first has 1), for those who follow.
  absl::StatusOr<std::vector<HistoryEvent>> History(uint64_t from, size_t most) const;
  // The identifiers of the person of a record as they were after an event.
  absl::StatusOr<std::vector<RecordKey>> PersonAt(const RecordKey& record, uint64_t event) const;

  // Keeps names of persons, in one change; one that is kept already gets other records. kInvalidArgument: a name or a
  // record that can't be one; kFailedPrecondition: a name that is a registered identifier. That there are such records
  // is not asked.
  absl::Status PutAliases(std::span<const PersonAlias> aliases, const Attribution& by);
  // kNotFound: no such name.
  absl::StatusOr<std::vector<RecordKey>> AliasOf(const RecordKey& name) const;

  absl::Status PutAuthority(const AssigningAuthority& authority, const Attribution& by, const SideChange& also = {});
  absl::StatusOr<std::vector<AssigningAuthority>> Authorities() const;

  // What others keep in the store (side_rows.h): a change of theirs by itself, and questions to one moment's state.
  absl::Status WriteSide(const SideChange& change, WriteUntil until = WriteUntil::kSynced);
  // The same of two records, whose revisions and the event of the decision on them its answer has; or of one (`b` empty),
  // with its revision and the event that held another one. kNotFound: they are not registered.
  absl::Status WriteSideOf(const RecordKey& a, const RecordKey& b, const SideChange& change);
  absl::Status ReadSide(const std::function<absl::Status(const SideReader& rows)>& read) const;

  // Puts many records at once, without waiting for the disk one by one; of an empty registry by a batch run and files
  // that are made at once. `reader` as for Dedupe(), keys ascending. All or nothing where the registry is empty.
  struct BulkAnswer {
    uint64_t created = 0, revised = 0, unchanged = 0, held = 0, refused = 0;
    uint64_t persons = 0;
  };
  absl::StatusOr<BulkAnswer> BulkLoad(size_t count, const RecordReader& reader, const Attribution& by, int threads,
                                      const ProgressCallback& progress);

  // Links all records anew by another model, while the registry serves; then switches at once. `dry_run`: only counts.
  struct RelinkAnswer {
    uint64_t persons_before = 0, persons_after = 0, merged = 0, split = 0, moved = 0;
    uint64_t questions_before = 0, questions_after = 0;  // for stewards
  };
  absl::StatusOr<RelinkAnswer> Relink(const Model& model, const FrozenOptions& linkage, bool dry_run,
                                      const Attribution& by, int threads, const ProgressCallback& progress);

  // Proves every invariant: persons and links are those of a batch run, every entry has what it names. The findings,
  // one sentence each; empty: sound. Slow: reads everything.
  absl::StatusOr<std::vector<std::string>> Verify(int threads, const ProgressCallback& progress) const;
  // Every live record's last accepted revision, and every other, in the order of keys.
  absl::Status ForEachRecord(const std::function<bool(const Record& record, RecordStatus status)>& visit) const;

  // Every retired or subsumed record that was not erased, by key. O(records).
  absl::Status ForEachLeft(const std::function<bool(const LeftRecord& left)>& visit) const;

  // Every person, with their identifiers by key, until visit returns false; of one moment. O(records).
  absl::Status ForEachPerson(
      const std::function<bool(const EnterpriseId& person, const std::vector<RecordKey>& identifiers)>& visit) const;

  // What another registry that takes this one's records along needs to know of one (libmpi/network/absorb.h).
  struct RecordState {
    Record record;                        // as it was last accepted
    RecordStatus status = RecordStatus::kLive;
    std::optional<RecordKey> surviving;   // of a subsumed one
    CivilDate said_on;                    // when that was
    uint64_t registered_event = 0;        // since when it has been this person's
    std::vector<EnterpriseId> ids;        // that answer by it
    bool erased = false;                  // it says nothing any more, since the day it was said on
  };
  absl::StatusOr<RecordState> StateOf(const RecordKey& identifier) const;
  // Of every record, by key, until visit returns false; of one moment.
  absl::Status ForEachState(const std::function<bool(const RecordState& state)>& visit) const;
  absl::Status ForEachAlias(const std::function<bool(const PersonAlias& alias)>& visit) const;
  // The authorities that have records, or the indexes that have names of persons, ascending. One read for each.
  enum class SourceOf { kRecords, kAliases };
  absl::StatusOr<std::vector<std::string>> Sources(SourceOf what) const;
  // Opaque; its own for good, and that of its copies and backups.
  std::string Fingerprint() const;

  struct Stats {
    uint64_t records = 0, persons = 0, events = 0, held = 0;
    uint64_t file_bytes = 0, memory_bytes = 0;
    uint64_t generation = 0;
    // False: an earlier release linked it, by rules that this one has changed. It serves, and puts link by the rules of
    // now, but what was linked before stays until Relink(), with the same model or another one.
    bool linked_by_these_rules = true;
    bool writable = true;
  };
  absl::StatusOr<Stats> GetStats() const;
  std::shared_ptr<const FrozenModel> model() const;
  // The time by the registry's clock, milliseconds since 1970.
  int64_t Now() const;
  // Reads into the cache, as far as that goes, what puts, searches and cross-references need: after an opening the
  // first ones else wait for the disk. Some seconds a million records.
  absl::Status Warm() const;
  absl::Status Compact();
  absl::Status Backup(const std::string& folder);
  static absl::Status Restore(const std::string& backup, const std::string& folder);
  // Starts a standby (standby.h) in a new folder, or anew in one: a backup, and from now on about `keep_log_bytes` of
  // log kept here for who ships it. Questions that are being answered at the moment may fail, kAborted.
  // kFailedPrecondition: the standby was promoted.
  absl::Status StartStandby(const std::string& standby, uint64_t keep_log_bytes);
  absl::Status Recover();
  absl::Status Close();

  struct Rep;  // internal

 private:
  explicit Registry(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_REGISTRY_H_
