// SPDX-License-Identifier: Apache-2.0
// What a registry is asked.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/c/model.h"
#include "bindings/c/record.h"
#include "bindings/c/registry.h"
#include "bindings/c/rows.h"
#include "libmpi/base/status_macros.h"
#include "libmpi/exchange/record_json.h"
#include "libmpi/linkage/frozen_model.h"

namespace libmpi::c {
namespace {

constexpr Column<RecordKey> kIdentifierColumns[] = {
    {LIBMPI_COLUMN_SOURCE, [](const RecordKey& k) { return Cell::Text(k.source); }},
    {LIBMPI_COLUMN_RECORD_ID, [](const RecordKey& k) { return Cell::Text(k.record_id); }},
    {LIBMPI_COLUMN_PART, [](const RecordKey& k) { return Cell::Integer(int64_t{k.part}); }}};

struct Member {
  RecordKey key;
  std::string person;
  bool redirected;
};
constexpr Column<Member> kMemberColumns[] = {
    LIBMPI_KEY_COLUMNS(Member, key),
    {LIBMPI_COLUMN_PERSON, [](const Member& m) { return Cell::Text(m.person); }},
    {LIBMPI_COLUMN_REDIRECTED, [](const Member& m) { return Cell::Integer(m.redirected); }}};

struct CandidateRow {
  RecordKey key;
  std::string person;
  Candidate::Grade grade;
  double weight, probability;
  int64_t candidate;
  bool best;
};
constexpr Column<CandidateRow> kCandidateColumns[] = {
    {LIBMPI_COLUMN_CANDIDATE, [](const CandidateRow& r) { return Cell::Integer(r.candidate); }},
    {LIBMPI_COLUMN_PERSON, [](const CandidateRow& r) { return Cell::Text(r.person); }},
    {LIBMPI_COLUMN_GRADE, [](const CandidateRow& r) { return Cell::Word(GradeName(r.grade)); }},
    {LIBMPI_COLUMN_WEIGHT, [](const CandidateRow& r) { return Cell::Number(r.weight); }},
    {LIBMPI_COLUMN_PROBABILITY, [](const CandidateRow& r) { return Cell::Number(r.probability); }},
    LIBMPI_KEY_COLUMNS(CandidateRow, key),
    {LIBMPI_COLUMN_BEST, [](const CandidateRow& r) { return Cell::Integer(r.best); }}};

struct RecordRow {
  RecordKey key, surviving;  // the latter of a subsumed one
  RecordStatus status;
  std::string json;
};
constexpr Column<RecordRow> kRecordColumns[] = {
    LIBMPI_KEY_COLUMNS(RecordRow, key),
    {LIBMPI_COLUMN_STATUS, [](const RecordRow& r) { return Cell::Word(RecordStatusName(r.status)); }},
    {LIBMPI_COLUMN_JSON, [](const RecordRow& r) { return Cell::Text(r.json); }},
    LIBMPI_OTHER_KEY_COLUMNS(RecordRow, surviving)};

struct ReviewRow {
  ReviewEntry entry;
  std::string person_a, person_b;
};
constexpr Column<ReviewRow> kReviewColumns[] = {
    LIBMPI_KEY_COLUMNS(ReviewRow, entry.a),
    {LIBMPI_COLUMN_PERSON, [](const ReviewRow& r) { return Cell::Text(r.person_a); }},
    LIBMPI_OTHER_KEY_COLUMNS(ReviewRow, entry.b),
    {LIBMPI_COLUMN_OTHER_PERSON, [](const ReviewRow& r) { return Cell::Text(r.person_b); }},
    {LIBMPI_COLUMN_WEIGHT, [](const ReviewRow& r) { return Cell::Number(r.entry.weight); }},
    {LIBMPI_COLUMN_REASON, [](const ReviewRow& r) { return Cell::Word(ReviewReasonName(r.entry.reason)); }},
    {LIBMPI_COLUMN_PRIORITY, [](const ReviewRow& r) { return Cell::Number(r.entry.priority); }},
    {LIBMPI_COLUMN_ASSIGNEE, [](const ReviewRow& r) { return Cell::Text(r.entry.assignee); }}};

struct HeldRow {
  RecordKey key;
  uint64_t event;
  std::string json;
};
constexpr Column<HeldRow> kHeldColumns[] = {
    LIBMPI_KEY_COLUMNS(HeldRow, key),
    {LIBMPI_COLUMN_EVENT, [](const HeldRow& r) { return Cell::Integer(r.event); }},
    {LIBMPI_COLUMN_JSON, [](const HeldRow& r) { return Cell::Text(r.json); }}};

constexpr Column<StewardDecision> kDecisionColumns[] = {
    LIBMPI_KEY_COLUMNS(StewardDecision, a), LIBMPI_OTHER_KEY_COLUMNS(StewardDecision, b),
    {LIBMPI_COLUMN_DECISION, [](const StewardDecision& d) { return Cell::Word(d.same ? "same" : "different"); }},
    {LIBMPI_COLUMN_EVENT, [](const StewardDecision& d) { return Cell::Integer(d.event); }}};

constexpr Column<AssigningAuthority> kAuthorityColumns[] = {
    {LIBMPI_COLUMN_NAME, [](const AssigningAuthority& a) { return Cell::Text(a.name); }},
    {LIBMPI_COLUMN_OID, [](const AssigningAuthority& a) { return Cell::Text(a.oid); }},
    {LIBMPI_COLUMN_FACILITY, [](const AssigningAuthority& a) { return Cell::Text(a.facility); }},
    {LIBMPI_COLUMN_OWNER, [](const AssigningAuthority& a) { return Cell::Text(a.owner); }},
    {LIBMPI_COLUMN_TRUST, [](const AssigningAuthority& a) { return Cell::Word(AuthorityTrustName(a.trust)); }}};

constexpr Column<HistoryEvent> kEventColumns[] = {
    {LIBMPI_COLUMN_EVENT, [](const HistoryEvent& e) { return Cell::Integer(e.number); }},
    {LIBMPI_COLUMN_TIME, [](const HistoryEvent& e) { return Cell::Integer(e.unix_milliseconds); }},
    {LIBMPI_COLUMN_KIND, [](const HistoryEvent& e) { return Cell::Word(EventKindName(e.kind)); }},
    {LIBMPI_COLUMN_ACTOR, [](const HistoryEvent& e) { return Cell::Text(e.by.actor); }},
    {LIBMPI_COLUMN_REASON, [](const HistoryEvent& e) { return Cell::Text(e.by.reason); }},
    LIBMPI_KEY_COLUMNS(HistoryEvent, record), LIBMPI_OTHER_KEY_COLUMNS(HistoryEvent, other),
    {LIBMPI_COLUMN_DETAIL, [](const HistoryEvent& e) { return Cell::Text(e.detail); }}};

// A question that makes an answer: `ask` is told how its asker comes in, and fills it.
template <typename Ask>
libmpi_code Question(libmpi_answer** answer_out, const libmpi_registry* registry, libmpi_error** error,
                     const Ask& ask) {
  return MakeHandle(answer_out, error, [&]() -> Made<libmpi_answer> {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    auto answer = std::make_unique<libmpi_answer>();
    LIBMPI_RETURN_IF_ERROR(ask(registry->Door(), *answer));
    return answer;
  });
}

void AddMembers(CrossReference found, libmpi_answer* answer) {
  const std::string person = found.person.ToString();
  std::vector<Member> members;
  members.reserve(found.identifiers.size());
  for (RecordKey& key : found.identifiers) members.push_back({std::move(key), person, found.redirected});
  answer->Add(LIBMPI_LIST_MAIN, std::move(members), kMemberColumns);
}

void AddCandidates(SearchAnswer found, libmpi_answer* answer) {
  std::vector<CandidateRow> rows;
  size_t size = 0;
  for (const Candidate& candidate : found.candidates) size += candidate.identifiers.size();
  rows.reserve(size);
  int64_t number = 0;
  for (Candidate& candidate : found.candidates) {
    const std::string person = candidate.person.ToString();
    for (RecordKey& key : candidate.identifiers) {
      const bool best = key == candidate.best;
      rows.push_back({std::move(key), person, candidate.grade, candidate.weight, candidate.probability, number, best});
    }
    ++number;
  }
  answer->Add(LIBMPI_LIST_MAIN, std::move(rows), kCandidateColumns);
  answer->AddCounts({{"candidates", number}, {"too_many", found.too_many}});
}

std::string JsonOf(const Record& record) { return JsonLine(RecordJson(record)); }

// A part of a search, each told once at most.
absl::Status TakeOnce(const std::vector<std::string>& values, const char* name, std::string* out) {
  if (values.size() > 1) return absl::InvalidArgumentError(std::string(name) + " is told twice");
  if (!values.empty()) *out = values[0];
  return absl::OkStatus();
}

absl::StatusOr<SearchCriteria> CriteriaOf(const Record& record) {
  SearchCriteria criteria;
  criteria.authority = record.key.source;
  criteria.identifier = record.key.record_id;
  LIBMPI_RETURN_IF_ERROR(TakeOnce(record.births, "birth", &criteria.birth));
  LIBMPI_RETURN_IF_ERROR(TakeOnce(record.sexes, "sex", &criteria.sex));
  LIBMPI_RETURN_IF_ERROR(TakeOnce(record.phones, "phone", &criteria.phone));
  if (record.names.size() > 1 || record.addresses.size() > 1 || record.coverages.size() > 1)
    return absl::InvalidArgumentError("a name, an address or a card is told twice");
  const StatedName name = record.names.empty() ? StatedName() : record.names[0];
  const StatedAddress address = record.addresses.empty() ? StatedAddress() : record.addresses[0];
  const StatedCoverage card = record.coverages.empty() ? StatedCoverage() : record.coverages[0];
  criteria.full = name.full;
  criteria.family = name.family;
  criteria.given = name.given;
  criteria.postal_code = address.postal_code;
  criteria.city = address.city;
  criteria.insurer = card.insurer;
  criteria.symbol = card.symbol;
  criteria.number = card.number;
  const std::string others = name.full_kana + name.family_kana + name.given_kana + name.latin + address.prefecture +
                             address.street + address.full + card.branch;
  if (!others.empty() || !record.former_names.empty() || !record.care.empty())
    return absl::InvalidArgumentError("the record has a field that is no criterion of a search; nayose.h lists those");
  return criteria;
}

absl::StatusOr<RecordRow> RowOf(const Registry& registry, const Record& record, RecordStatus status) {
  RecordRow row{record.key, {}, status, JsonOf(record)};
  if (status == RecordStatus::kSubsumed) {
    LIBMPI_ASSIGN_OR_RETURN(row.surviving, registry.SurvivingOf(record.key));
  }
  return row;
}

}  // namespace
}  // namespace libmpi::c

using libmpi::Operation;
using libmpi::Registry;
using libmpi::RegistryDoor;
using libmpi::c::Call;
using libmpi::c::Made;
using libmpi::c::MakeHandle;
using libmpi::c::Need;
using libmpi::c::New;
using libmpi::c::Question;
using libmpi::c::TextIn;

libmpi_code libmpi_registry_find(libmpi_answer** answer_out, const libmpi_registry* registry,
                                 const libmpi_identifier* identifier, const char* const* authorities,
                                 size_t authority_count, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(identifier, "identifier"));
    if (authorities == nullptr && authority_count > 0) return absl::InvalidArgumentError("authorities is NULL");
    std::vector<std::string> only;
    for (size_t i = 0; i < authority_count; ++i) {
      LIBMPI_ASSIGN_OR_RETURN(only.emplace_back(), TextIn(authorities[i], LIBMPI_NUL, "one of authorities"));
    }
    LIBMPI_ASSIGN_OR_RETURN(libmpi::CrossReference found, asked.Find(identifier->key, only));
    libmpi::c::AddMembers(std::move(found), &answer);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_find_person(libmpi_answer** answer_out, const libmpi_registry* registry,
                                        const char* person, size_t person_size, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const std::string text, TextIn(person, person_size, "person"));
    const std::optional<libmpi::EnterpriseId> id = libmpi::EnterpriseId::Parse(text);
    if (!id) return absl::InvalidArgumentError("person must be 32 hexadecimal digits");
    LIBMPI_ASSIGN_OR_RETURN(libmpi::CrossReference found, asked.Find(*id));
    libmpi::c::AddMembers(std::move(found), &answer);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_get(libmpi_answer** answer_out, const libmpi_registry* registry,
                                const libmpi_identifier* identifier, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(identifier, "identifier"));
    libmpi::RecordStatus status;
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::Record record, asked.Get(identifier->key, &status));
    std::vector<libmpi::c::RecordRow> rows;
    LIBMPI_ASSIGN_OR_RETURN(rows.emplace_back(), libmpi::c::RowOf(asked.registry(), record, status));
    answer.Add(LIBMPI_LIST_MAIN, std::move(rows), libmpi::c::kRecordColumns);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_search(libmpi_answer** answer_out, const libmpi_registry* registry,
                                   const libmpi_record* record, size_t most, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(record, "record"));
    LIBMPI_ASSIGN_OR_RETURN(libmpi::SearchAnswer found, asked.Search(record->record, most));
    libmpi::c::AddCandidates(std::move(found), &answer);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_search_typed(libmpi_answer** answer_out, const libmpi_registry* registry,
                                         const libmpi_record* criteria, size_t most, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(criteria, "criteria"));
    LIBMPI_ASSIGN_OR_RETURN(const libmpi::SearchCriteria told, libmpi::c::CriteriaOf(criteria->record));
    LIBMPI_ASSIGN_OR_RETURN(libmpi::SearchAnswer found, asked.Search(told, most));
    libmpi::c::AddCandidates(std::move(found), &answer);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_explain(libmpi_answer** answer_out, const libmpi_registry* registry,
                                    const libmpi_identifier* a, const libmpi_identifier* b, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(a, "a"));
    LIBMPI_RETURN_IF_ERROR(Need(b, "b"));
    LIBMPI_ASSIGN_OR_RETURN(libmpi::Explanation explanation, asked.Explain(a->key, b->key));
    libmpi::c::AddExplanation(std::move(explanation), &answer);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_review(libmpi_answer** answer_out, const libmpi_registry* registry, size_t most,
                                   libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(std::vector<libmpi::ReviewEntry> entries, asked.Review(most));
    std::vector<libmpi::c::ReviewRow> rows;
    for (libmpi::ReviewEntry& entry : entries) {
      std::string a = entry.person_a.ToString(), b = entry.person_b.ToString();
      rows.push_back({std::move(entry), std::move(a), std::move(b)});
    }
    answer.Add(LIBMPI_LIST_REVIEW, std::move(rows), libmpi::c::kReviewColumns);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_held(libmpi_answer** answer_out, const libmpi_registry* registry, size_t most,
                                 libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(const std::vector<libmpi::HeldRevision> held, asked.HeldRevisions(most));
    std::vector<libmpi::c::HeldRow> rows;
    for (const libmpi::HeldRevision& one : held)
      rows.push_back({one.record, one.event, libmpi::c::JsonOf(one.revision)});
    answer.Add(LIBMPI_LIST_MAIN, std::move(rows), libmpi::c::kHeldColumns);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_decisions(libmpi_answer** answer_out, const libmpi_registry* registry,
                                      libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(asked.Admit(Operation::kReview, "decisions"));
    LIBMPI_ASSIGN_OR_RETURN(std::vector<libmpi::StewardDecision> decisions, asked.registry().Decisions());
    answer.Add(LIBMPI_LIST_MAIN, std::move(decisions), libmpi::c::kDecisionColumns);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_authorities(libmpi_answer** answer_out, const libmpi_registry* registry,
                                        libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(asked.Admit(Operation::kAdminister, "authorities"));
    LIBMPI_ASSIGN_OR_RETURN(std::vector<libmpi::AssigningAuthority> authorities, asked.registry().Authorities());
    answer.Add(LIBMPI_LIST_MAIN, std::move(authorities), libmpi::c::kAuthorityColumns);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_history(libmpi_answer** answer_out, const libmpi_registry* registry, uint64_t from,
                                    size_t most, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_ASSIGN_OR_RETURN(libmpi::FollowAnswer followed, asked.Follow(from, most));
    std::vector<libmpi::HistoryEvent> events = std::move(followed.events);
    std::vector<libmpi::c::MoveRow> moves;
    for (libmpi::HistoryEvent& event : events)
      for (libmpi::PersonMove& move : event.moves)
        moves.push_back(libmpi::c::MoveRowOf(std::move(move), event.number));
    answer.Add(LIBMPI_LIST_MAIN, std::move(events), libmpi::c::kEventColumns);
    libmpi::c::AddMoves(std::move(moves), &answer);
    answer.AddCounts({{"next", followed.next}});
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_person_at(libmpi_answer** answer_out, const libmpi_registry* registry,
                                      const libmpi_identifier* identifier, uint64_t event, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(identifier, "identifier"));
    LIBMPI_RETURN_IF_ERROR(asked.Admit(Operation::kFollow, "person_at"));
    LIBMPI_ASSIGN_OR_RETURN(std::vector<libmpi::RecordKey> members, asked.registry().PersonAt(identifier->key, event));
    answer.Add(LIBMPI_LIST_MAIN, std::move(members), libmpi::c::kIdentifierColumns);
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_scan(const libmpi_registry* registry, libmpi_visit visit, void* payload,
                                 libmpi_error** error) {
  return Call(error, [&]() -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    if (visit == nullptr) return absl::InvalidArgumentError("visit is NULL");
    LIBMPI_RETURN_IF_ERROR(registry->Door().Admit(Operation::kExport, "scan"));
    const Registry& own = registry->opened->registry();
    absl::Status failed;
    const absl::Status read =
        own.ForEachRecord([&](const libmpi::Record& record, libmpi::RecordStatus status) {
          auto row = libmpi::c::RowOf(own, record, status);
          failed = row.status();
          if (!failed.ok()) return false;
          libmpi_answer answer;
          std::vector<libmpi::c::RecordRow> rows;
          rows.push_back(*std::move(row));
          answer.Add(LIBMPI_LIST_MAIN, std::move(rows), libmpi::c::kRecordColumns);
          return visit(payload, &answer) != 0;
        });
    LIBMPI_RETURN_IF_ERROR(read);
    return failed;
  });
}

libmpi_code libmpi_registry_stats(libmpi_answer** answer_out, const libmpi_registry* registry, libmpi_error** error) {
  return Question(answer_out, registry, error, [&](const RegistryDoor& asked, libmpi_answer& answer) -> absl::Status {
    LIBMPI_RETURN_IF_ERROR(asked.Admit(Operation::kReport, "stats"));
    LIBMPI_ASSIGN_OR_RETURN(const Registry::Stats stats, asked.registry().GetStats());
    answer.AddCounts({{"records", stats.records}, {"persons", stats.persons},
                      {"events", stats.events}, {"held", stats.held},
                      {"file_bytes", stats.file_bytes}, {"memory_bytes", stats.memory_bytes},
                      {"generation", stats.generation},
                      {"linked_by_these_rules", stats.linked_by_these_rules},
                      {"writable", stats.writable}});
    return absl::OkStatus();
  });
}

libmpi_code libmpi_registry_model(libmpi_model** model_out, const libmpi_registry* registry, libmpi_error** error) {
  return MakeHandle(model_out, error, [&]() -> Made<libmpi_model> {
    LIBMPI_RETURN_IF_ERROR(Need(registry, "registry"));
    const std::shared_ptr<const libmpi::FrozenModel> frozen = registry->opened->registry().model();
    return New<libmpi_model>(std::shared_ptr<const libmpi::Model>(frozen, &frozen->model()));
  });
}
