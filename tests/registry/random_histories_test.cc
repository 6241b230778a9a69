// SPDX-License-Identifier: Apache-2.0
// Whatever happens to a registry, in whatever order: it holds what an oracle in memory and a batch run say.
#include <cinttypes>
#include <cstdio>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/linkage/crowded_records.h"
#include "tests/registry/registry_folder.h"
#include "tests/registry/registry_oracle.h"

namespace libmpi {
namespace {

using Code = absl::StatusCode;

struct Kind {
  FrozenOptions linkage;
  uint64_t persons;
  size_t records;  // identifiers at most
  int steps;
};

FrozenOptions Linkage(Preset preset, std::optional<double> match, std::optional<double> review) {
  FrozenOptions options;
  options.preset = preset;
  options.match_threshold = match;
  options.review_threshold = review;
  return options;
}

Kind KindOf(uint64_t seed) {
  static const Kind kinds[] = {
      {Linkage(Preset::kBalanced, 0, -3), 20, 60, 150},
      {FrozenOptions(), 30, 80, 120},
      {Linkage(Preset::kSafe, 8, -1), 12, 30, 200},
      {Linkage(Preset::kBalanced, -7, -8), 15, 40, 150},
      {Linkage(Preset::kBalanced, 4, 4), 6, 14, 250},
  };
  return kinds[seed % std::size(kinds)];
}

class History {
 public:
  explicit History(uint64_t seed) : kind_(KindOf(seed)), random_(seed) {
    if (!folder_.Create(TheModel(), kind_.linkage)) return;
    oracle_ = std::make_unique<RegistryOracle>(folder_->model(), kRegistryToday);
    pool_ = MakeCrowdedRecords(seed, kind_.persons);
    std::shuffle(pool_.begin(), pool_.end(), random_);
    if (pool_.size() > 2 * kind_.records) pool_.resize(2 * kind_.records);
    std::set<RecordKey> keys;
    for (Record& record : pool_) {
      // Few authorities, so that identifiers can be merged; some numbers that stand for two persons.
      record.key.source = "authority" + std::to_string(random_() % 3);
      record.key.record_id = std::to_string(random_() % (2 * kind_.records));
      record.key.part = random_() % 12 == 0 ? static_cast<uint16_t>(1 + random_() % 2) : 0;
      if (keys.size() < kind_.records) keys.insert(record.key);
    }
    keys_.assign(keys.begin(), keys.end());
  }

  void Run() {
    for (int step = 0; step < kind_.steps && !testing::Test::HasFailure(); ++step) {
      Step();
      if (random_() % 6 == 0 || step + 1 == kind_.steps) Check();
    }
    const auto findings = folder_->Verify(1, nullptr);
    ASSERT_TRUE(findings.ok()) << findings.status();
    EXPECT_THAT(*findings, testing::IsEmpty());
  }
  uint64_t steps() const { return done_; }
  uint64_t checks() const { return checks_; }
  std::string last;  // what was done last, by kind only

 private:
  size_t Any(size_t below) { return random_() % below; }
  const RecordKey& AnyKey() { return keys_[Any(keys_.size())]; }
  // Of a record that is there, mostly.
  RecordKey KnownKey() {
    if (oracle_->entries().empty() || Any(20) == 0) return AnyKey();
    auto it = oracle_->entries().begin();
    std::advance(it, static_cast<long>(Any(oracle_->entries().size())));
    return it->first;
  }
  RecordKey HeldKey() {
    std::vector<RecordKey> held;
    for (const auto& [key, entry] : oracle_->entries())
      if (entry.held) held.push_back(key);
    return held.empty() || Any(10) == 0 ? KnownKey() : held[Any(held.size())];
  }
  RecordKey SubsumedKey() {
    std::vector<RecordKey> found;
    for (const auto& [key, entry] : oracle_->entries())
      if (entry.status == RecordStatus::kSubsumed) found.push_back(key);
    return found.empty() || Any(10) == 0 ? KnownKey() : found[Any(found.size())];
  }

  Record Says(const RecordKey& key) {
    const auto it = oracle_->entries().find(key);
    Record record;
    if (it == oracle_->entries().end() || Any(4) == 0) {
      record = pool_[Any(pool_.size())];
    } else {
      record = it->second.held && Any(3) == 0 ? *it->second.held : it->second.record;
      switch (Any(6)) {
        case 0: record.phones = {"03-1234-" + std::to_string(1000 + Any(9000))}; break;
        case 1: record.addresses.clear(); break;
        case 2: record.coverages = pool_[Any(pool_.size())].coverages; break;
        case 3: record.names = pool_[Any(pool_.size())].names; break;
        case 4: record.births = pool_[Any(pool_.size())].births; break;
        default: break;  // the same again
      }
    }
    record.key = key;
    return record;
  }

  void Step() {
    ++done_;
    const Attribution by{"tester", "step " + std::to_string(done_)};
    const uint64_t what = Any(100);
    if (what < 45) {
      const RecordKey key = Any(3) ? AnyKey() : KnownKey();
      Record record = Says(key);
      std::optional<PersonOutcome> outcome;
      bool changes;
      const Code code = oracle_->Put(record, &outcome, &changes);
      std::shuffle(record.coverages.begin(), record.coverages.end(), random_);
      Expect("put", code, folder_->Put(record, by), key, outcome, changes);
    } else if (what < 53) {
      const RecordKey key = KnownKey();
      Expect("retire", oracle_->Retire(key), folder_->Retire(key, by), key, std::nullopt);
    } else if (what < 62) {
      const RecordKey a = KnownKey();
      RecordKey b = KnownKey();
      for (int i = 0; i < 5 && b.source != a.source; ++i) b = KnownKey();
      Expect("subsume", oracle_->Subsume(a, b), folder_->Subsume(a, b, by), std::nullopt, std::nullopt);
    } else if (what < 68) {
      const RecordKey key = SubsumedKey();
      Expect("unsubsume", oracle_->Unsubsume(key), folder_->Unsubsume(key, by), key, std::nullopt);
    } else if (what < 80) {
      const auto [a, b] = TwoToDecide();
      const bool same = Any(2) == 0;
      Expect("decide", oracle_->Decide(a, b, same), folder_->Decide(a, b, same, by), a, std::nullopt);
    } else if (what < 87) {
      RecordKey a = KnownKey(), b = KnownKey();
      if (!oracle_->decisions().empty() && Any(6)) {
        auto it = oracle_->decisions().begin();
        std::advance(it, static_cast<long>(Any(oracle_->decisions().size())));
        a = it->first.second, b = it->first.first;
      }
      Expect("undecide", oracle_->Undecide(a, b), folder_->Undecide(a, b, by), a, std::nullopt);
    } else if (what < 94) {
      const RecordKey key = HeldKey();
      const bool same = Any(2) == 0;
      Expect(same ? "accept" : "accept as another", oracle_->Accept(key, same), folder_->AcceptRevision(key, same, by),
             key, std::nullopt);
    } else if (what < 97) {
      const RecordKey key = HeldKey();
      Expect("refuse", oracle_->Refuse(key), folder_->RefuseRevision(key, by), key, std::nullopt);
    } else if (Any(4) == 0) {
      ASSERT_TRUE(folder_.Reopen());
    } else if (Any(3) == 0) {
      Relink(by);
    }
  }

  // Another model, or other thresholds.
  void Relink(const Attribution& by) {
    last = "relink";
    const bool dry_run = Any(4) == 0;
    const Model& model = Any(2) ? TheModel() : Model::Default();
    const FrozenOptions options = KindOf(Any(5)).linkage;
    const uint64_t persons = oracle_->persons().members.size();
    const auto answer = folder_->Relink(model, options, dry_run, by, 1, nullptr);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->persons_before, persons);
    RegistryOracle after = *oracle_;
    after.SetModel(*FrozenModel::Make(model, options));
    EXPECT_EQ(answer->persons_after, after.persons().members.size());
    if (dry_run) return;
    oracle_->SetModel(folder_->model());
    answered_.reset();
    const auto events = folder_->History(events_ + 1, SIZE_MAX);
    ASSERT_TRUE(events.ok()) << events.status();
    ASSERT_FALSE(events->empty());
    for (const HistoryEvent& e : *events) {
      EXPECT_EQ(e.kind, EventKind::kModel);
      EXPECT_EQ(e.number, ++events_);
      Replay(e.moves);
      moves_[e.number] = e.moves.size();
    }
  }

  void Replay(const std::vector<PersonMove>& moves) {
    for (const PersonMove& move : moves) {
      const auto it = replayed_.find(move.record);
      EXPECT_EQ(it == replayed_.end() ? std::nullopt : std::optional(it->second), move.before) << last;
      if (move.after) {
        replayed_[move.record] = *move.after;
      } else {
        replayed_.erase(move.record);
      }
    }
  }

  // Often two of one question, or of one person.
  RegistryOracle::Pair TwoToDecide() {
    const RegistryOracle::Persons& persons = oracle_->persons();
    if (Any(3) == 0 && !persons.review.empty()) {
      const auto& question = persons.review[Any(persons.review.size())];
      return {question.a, question.b};
    }
    const RecordKey a = KnownKey();
    if (const auto it = persons.of.find(a); it != persons.of.end() && Any(2)) {
      const std::vector<RecordKey>& members = persons.members.at(it->second);
      return {a, members[Any(members.size())]};
    }
    return {a, KnownKey()};
  }

  void Expect(const char* what, Code expected, const absl::StatusOr<ChangeAnswer>& answer,
              const std::optional<RecordKey>& about, std::optional<PersonOutcome> outcome, bool changes = true) {
    last = what;
    ASSERT_EQ(answer.status().code(), expected) << what << " " << answer.status();
    answered_.reset();
    if (!answer.ok()) return;
    if (outcome) {
      EXPECT_EQ(answer->outcome, *outcome) << what;
    }
    if (answer->event != 0) {
      EXPECT_EQ(answer->event, ++events_) << what;
    }
    EXPECT_EQ(answer->event != 0, changes) << what;
    Replay(answer->moves);
    moves_[answer->event] = answer->moves.size();
    if (!about) return;
    EXPECT_EQ(answer->revision, oracle_->entries().at(*about).revision) << what;
    if (answer->event != 0 && oracle_->entries().at(*about).status == RecordStatus::kLive) {
      answered_ = *about;
      answer_ = *answer;
    }
  }

  void Check() {
    ++checks_;
    SCOPED_TRACE("after step " + std::to_string(done_) + ", " + last);
    CheckPersons();
    CheckIds();
    CheckReview();
    CheckHeld();
    CheckPast();
    CheckSearch();
    const auto stats = folder_->GetStats();
    ASSERT_TRUE(stats.ok());
    const RegistryOracle::Persons& persons = oracle_->persons();
    EXPECT_EQ(stats->records, persons.of.size());
    EXPECT_EQ(stats->persons, persons.members.size());
    EXPECT_EQ(stats->events, events_);
  }

  // The registry's names for the oracle's numbers.
  void Learn(uint32_t number, const EnterpriseId& id) {
    const auto [known, is_new] = ids_.try_emplace(number, id);
    EXPECT_EQ(known->second.ToString(), id.ToString()) << "person " << number << " has another enterprise ID";
    const auto [named, first] = numbers_.try_emplace(id, number);
    EXPECT_EQ(named->second, number) << "an enterprise ID was given to two";
  }

  void CheckPersons() {
    const RegistryOracle::Persons& persons = oracle_->persons();
    std::map<RecordKey, EnterpriseId> now;
    for (const RecordKey& key : keys_) {
      const auto found = folder_->Find(key);
      const RegistryOracle::Entry* end;
      const Code code = oracle_->Resolve(key, &end);
      ASSERT_EQ(found.status().code(), code) << found.status();
      const auto entry = oracle_->entries().find(key);
      RecordStatus status;
      const auto got = folder_->Get(key, &status);
      ASSERT_EQ(got.ok(), entry != oracle_->entries().end()) << got.status();
      if (got.ok()) {
        EXPECT_TRUE(*got == entry->second.record);
        EXPECT_EQ(status, entry->second.status);
      }
      if (!found.ok()) continue;
      const uint32_t person = persons.of.at(end->record.key);
      EXPECT_EQ(found->identifiers, persons.members.at(person));
      EXPECT_EQ(found->redirected, end->record.key != key);
      Learn(person, found->person);
      if (!found->redirected) now[key] = found->person;
      const std::string only[] = {"authority1", "elsewhere"};
      std::vector<RecordKey> of_one = persons.members.at(person);
      std::erase_if(of_one, [](const RecordKey& k) { return k.source != "authority1"; });
      EXPECT_EQ(folder_->Find(key, only)->identifiers, of_one);
    }
    EXPECT_TRUE(replayed_ == now) << "moves don't lead to these persons";
    if (answered_ && persons.of.contains(*answered_)) {
      EXPECT_EQ(answer_.person.ToString(), ids_.at(persons.of.at(*answered_)).ToString());
      std::vector<RegistryOracle::LinkOf> links, expected;
      for (const RegistryLink& l : answer_.links)
        links.push_back({l.other, static_cast<FixedWeight>(l.weight * kWeightUnit), l.linked, l.held});
      std::sort(links.begin(), links.end());
      if (const auto it = persons.links.find(*answered_); it != persons.links.end()) expected = it->second;
      EXPECT_TRUE(links == expected) << links.size() << " links, expected " << expected.size();
      answered_.reset();
    }
  }

  void CheckIds() {
    for (const auto& [number, id] : ids_) {
      const auto found = folder_->Find(id);
      const std::optional<uint32_t> person = oracle_->PersonOf(number);
      ASSERT_EQ(found.ok(), person.has_value()) << found.status() << ", number " << number;
      if (!found.ok()) {
        EXPECT_THAT(found.status().code(), testing::AnyOf(Code::kFailedPrecondition, Code::kNotFound));
        continue;
      }
      EXPECT_EQ(numbers_.at(found->person), *person);
      EXPECT_EQ(found->identifiers, oracle_->persons().members.at(*person));
      EXPECT_EQ(found->redirected, number != *person);
    }
  }

  void CheckReview() {
    const auto review = folder_->Review(100000);
    ASSERT_TRUE(review.ok()) << review.status();
    const RegistryOracle::Persons& persons = oracle_->persons();
    std::set<RegistryOracle::Question> found, expected;
    double last_priority = INFINITY;
    for (const ReviewEntry& e : *review) {
      EXPECT_LE(e.priority, last_priority);
      last_priority = e.priority;
      EXPECT_EQ(e.person_a.ToString(), ids_.at(persons.of.at(e.a)).ToString());
      EXPECT_EQ(e.person_b.ToString(), ids_.at(persons.of.at(e.b)).ToString());
      if (e.reason != ReviewReason::kLargeCluster)
        found.insert({e.a, e.b, static_cast<FixedWeight>(e.weight * kWeightUnit), e.reason, e.priority});
    }
    for (const auto& q : persons.review)
      if (q.reason != ReviewReason::kLargeCluster) expected.insert(q);
    EXPECT_TRUE(found == expected) << found.size() << " questions, expected " << expected.size();
  }

  void CheckHeld() {
    const auto held = folder_->HeldRevisions(100000);
    ASSERT_TRUE(held.ok()) << held.status();
    std::map<RecordKey, Record> found, expected;
    for (const HeldRevision& h : *held) found[h.record] = h.revision;
    for (const auto& [key, entry] : oracle_->entries())
      if (entry.held) expected[key] = *entry.held;
    EXPECT_TRUE(found == expected) << found.size() << " held, expected " << expected.size();
    EXPECT_EQ(folder_->GetStats()->held, expected.size());
  }

  void CheckPast() {
    const RegistryOracle::Persons& persons = oracle_->persons();
    std::map<RecordKey, std::vector<RecordKey>>& now = past_[events_];
    now.clear();
    for (const auto& [key, entry] : oracle_->entries()) {
      const auto it = persons.of.find(key);
      now[key] = it == persons.of.end() ? std::vector<RecordKey>() : persons.members.at(it->second);
    }
    for (int i = 0; i < 25; ++i) {
      auto at = past_.begin();
      std::advance(at, static_cast<long>(Any(past_.size())));
      const RecordKey& key = AnyKey();
      const auto was = folder_->PersonAt(key, at->first);
      const auto expected = at->second.find(key);
      if (expected == at->second.end()) {
        EXPECT_EQ(was.status().code(), Code::kNotFound);
      } else if (!was.ok()) {
        ADD_FAILURE() << was.status() << " at event " << at->first << " of " << events_;
      } else {
        EXPECT_EQ(*was, expected->second) << "at event " << at->first << " of " << events_;
      }
    }
    const uint64_t from = events_ > 10 ? events_ - Any(10) : 1;
    const auto events = folder_->History(from, 1000);
    ASSERT_TRUE(events.ok()) << events.status();
    ASSERT_EQ(events->size(), events_ == 0 ? 0 : events_ - from + 1);
    for (size_t i = 0; i < events->size(); ++i) {
      EXPECT_EQ((*events)[i].number, from + i);
      EXPECT_EQ((*events)[i].moves.size(), moves_.at(from + i));
      EXPECT_EQ((*events)[i].by.actor, "tester");
    }
  }

  void CheckSearch() {
    const RegistryOracle::Persons& persons = oracle_->persons();
    const RecordKey key = KnownKey();
    if (!persons.of.contains(key)) return;
    const auto answer = folder_->Search(oracle_->entries().at(key).record, 1000);
    ASSERT_TRUE(answer.ok()) << answer.status();
    std::set<EnterpriseId> candidates;
    for (const Candidate& c : answer->candidates) {
      EXPECT_TRUE(candidates.insert(c.person).second);
      EXPECT_EQ(c.identifiers, persons.members.at(persons.of.at(c.best)));
      EXPECT_EQ(numbers_.at(c.person), persons.of.at(c.best));
    }
    // Whoever it links to or is asked about is found, too.
    if (const auto it = persons.links.find(key); it != persons.links.end() && !answer->too_many) {
      for (const auto& link : it->second)
        EXPECT_TRUE(candidates.contains(ids_.at(persons.of.at(link.other)))) << "weight " << WeightBits(link.weight);
    }
  }

  const Kind kind_;
  std::mt19937_64 random_;
  RegistryFolder folder_;
  std::unique_ptr<RegistryOracle> oracle_;
  std::vector<Record> pool_;
  std::vector<RecordKey> keys_;
  uint64_t done_ = 0, events_ = 0, checks_ = 0;
  std::map<uint32_t, EnterpriseId> ids_;
  std::map<EnterpriseId, uint32_t> numbers_;
  std::map<RecordKey, EnterpriseId> replayed_;
  std::map<uint64_t, size_t> moves_;  // by event
  std::map<uint64_t, std::map<RecordKey, std::vector<RecordKey>>> past_;
  std::optional<RecordKey> answered_;
  ChangeAnswer answer_;
};

TEST(RandomHistoriesTest, EqualTheOracleAndABatchRun) {
  uint64_t first = 1, last = LongRun() ? 1000 : 40, steps = 0, checks = 0;
  if (const char* const one = std::getenv("LIBMPI_SEED")) first = last = std::strtoull(one, nullptr, 10);
  for (uint64_t seed = first; seed <= last && !HasFailure(); ++seed) {
    SCOPED_TRACE("LIBMPI_SEED=" + std::to_string(seed));
    History history(seed);
    history.Run();
    steps += history.steps();
    checks += history.checks();
  }
  std::printf("%" PRIu64 " histories, %" PRIu64 " steps, compared %" PRIu64 " times\n", last - first + 1, steps, checks);
}

}  // namespace
}  // namespace libmpi
