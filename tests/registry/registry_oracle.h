// SPDX-License-Identifier: Apache-2.0
// What a registry must hold, from what registry.h says: everything in maps, persons by a batch run.
#ifndef LIBMPI_TESTS_REGISTRY_REGISTRY_ORACLE_H_
#define LIBMPI_TESTS_REGISTRY_REGISTRY_ORACLE_H_

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "libmpi/linkage/frozen_model.h"
#include "libmpi/linkage/linker.h"
#include "libmpi/registry/overlay_guard.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// Every registration of a record has a number, in order; the person with the earliest registered record has the
// enterprise ID of that. Which number answers with which record is a forest: a registration whose record is gone
// points to the one in its place.
class RegistryOracle {
 public:
  using Code = absl::StatusCode;
  using Pair = std::pair<RecordKey, RecordKey>;

  struct Entry {
    RecordStatus status = RecordStatus::kLive;
    uint32_t number = 0;
    uint32_t revision = 0;
    Record record;
    std::optional<RecordKey> surviving;
    std::optional<Record> held;
  };
  struct Question {
    RecordKey a, b;
    FixedWeight weight = 0;
    ReviewReason reason = ReviewReason::kBetweenThresholds;
    double priority = 0;
    auto operator<=>(const Question&) const = default;
  };
  struct LinkOf {
    RecordKey other;
    FixedWeight weight = 0;
    bool linked = false, held = false;
    auto operator<=>(const LinkOf&) const = default;
  };
  // Persons as a run over all live records makes them.
  struct Persons {
    std::map<RecordKey, uint32_t> of;                    // live record -> person
    std::map<uint32_t, std::vector<RecordKey>> members;  // by key
    std::vector<Question> review;
    std::map<RecordKey, std::vector<LinkOf>> links;      // sorted
  };

  explicit RegistryOracle(std::shared_ptr<const FrozenModel> model, CivilDate today)
      : model_(std::move(model)), today_(today), next_(1) {}

  void SetModel(std::shared_ptr<const FrozenModel> model) {
    model_ = std::move(model);
    persons_.reset();
  }

  // Each change: the code that it must end with. *outcome where it is told; *changes: whether it is an event.
  Code Put(Record record, std::optional<PersonOutcome>* outcome, bool* changes) {
    *changes = true;
    record.Normalize();
    const auto it = entries_.find(record.key);
    if (it == entries_.end() || it->second.status == RecordStatus::kRetired) {
      const bool another = it != entries_.end() && AreTwo(it->second.record, record);
      Register(record, another);
      return Code::kOk;
    }
    Entry& entry = it->second;
    if (entry.status == RecordStatus::kSubsumed) return Code::kFailedPrecondition;
    if (entry.record == record) {
      *changes = entry.held.has_value();  // it waits no longer
      entry.held.reset();
      *outcome = PersonOutcome::kNone;
      return Code::kOk;
    }
    if (AreTwo(entry.record, record)) {
      *changes = entry.held != record;
      entry.held = std::move(record);
      *outcome = PersonOutcome::kHeld;
      return Code::kOk;
    }
    entry.held.reset();
    Revise(&entry, std::move(record));
    return Code::kOk;
  }

  Code Retire(const RecordKey& key) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return Code::kNotFound;
    if (it->second.status != RecordStatus::kLive) return Code::kFailedPrecondition;
    Leave(it->second);
    it->second.status = RecordStatus::kRetired;
    it->second.held.reset();
    return Code::kOk;
  }

  Code Subsume(const RecordKey& subsumed, const RecordKey& surviving) {
    if (subsumed.source != surviving.source) return Code::kInvalidArgument;
    const auto it = entries_.find(subsumed);
    if (it == entries_.end()) return Code::kNotFound;
    if (it->second.status != RecordStatus::kLive) return Code::kFailedPrecondition;
    const Entry* end;
    if (const Code code = Resolve(surviving, &end); code != Code::kOk) return code;
    if (end == &it->second) return Code::kInvalidArgument;
    it->second.status = RecordStatus::kSubsumed;
    it->second.surviving = surviving;
    next_[it->second.number] = entries_.at(surviving).number;
    persons_.reset();
    return Code::kOk;
  }

  Code Unsubsume(const RecordKey& subsumed) {
    const auto it = entries_.find(subsumed);
    if (it == entries_.end()) return Code::kNotFound;
    if (it->second.status != RecordStatus::kSubsumed) return Code::kFailedPrecondition;
    it->second.status = RecordStatus::kLive;
    it->second.surviving.reset();
    next_[it->second.number] = 0;
    persons_.reset();
    return Code::kOk;
  }

  Code Decide(const RecordKey& a, const RecordKey& b, bool same) {
    if (!entries_.contains(a) || !entries_.contains(b)) return Code::kNotFound;
    if (a == b) return Code::kInvalidArgument;
    const std::set<RecordKey> with_a = DecidedOne(a), with_b = DecidedOne(b);
    bool two = false;
    for (const auto& [pair, is_same] : decisions_)
      two = two || (!is_same && ((with_a.contains(pair.first) && with_b.contains(pair.second)) ||
                                 (with_a.contains(pair.second) && with_b.contains(pair.first))));
    if (same ? two : with_a.contains(b)) return Code::kFailedPrecondition;
    decisions_[std::minmax(a, b)] = same;
    persons_.reset();
    return Code::kOk;
  }

  Code Undecide(const RecordKey& a, const RecordKey& b) {
    if (!entries_.contains(a) || !entries_.contains(b)) return Code::kNotFound;
    if (a == b) return Code::kInvalidArgument;
    if (decisions_.erase(std::minmax(a, b)) == 0) return Code::kNotFound;
    persons_.reset();
    return Code::kOk;
  }

  Code Accept(const RecordKey& key, bool same_person) {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return Code::kNotFound;
    if (it->second.status != RecordStatus::kLive) return Code::kFailedPrecondition;
    if (!it->second.held) return Code::kNotFound;
    Record record = *std::move(it->second.held);
    it->second.held.reset();
    if (same_person) {
      Revise(&it->second, std::move(record));
      return Code::kOk;
    }
    Leave(it->second);
    Register(record, true);
    return Code::kOk;
  }

  Code Refuse(const RecordKey& key) {
    const auto it = entries_.find(key);
    if (it == entries_.end() || !it->second.held) return Code::kNotFound;
    it->second.held.reset();
    return Code::kOk;
  }

  // The live record that answers for an identifier.
  Code Resolve(const RecordKey& key, const Entry** end) const {
    const auto it = entries_.find(key);
    if (it == entries_.end()) return Code::kNotFound;
    if (it->second.status == RecordStatus::kRetired) return Code::kFailedPrecondition;
    *end = &it->second;
    return it->second.status == RecordStatus::kLive ? Code::kOk : Resolve(*it->second.surviving, end);
  }

  // Whom the enterprise ID of a number answers with; nothing: an error.
  std::optional<uint32_t> PersonOf(uint32_t number) {
    const uint32_t root = Root(number);
    const auto it = entries_.find(key_of_[root]);
    if (it != entries_.end() && it->second.number == root)
      return it->second.status == RecordStatus::kLive ? std::optional(persons().of.at(it->first)) : std::nullopt;
    return std::nullopt;
  }

  const Persons& persons() {
    if (!persons_) persons_ = Compute();
    return *persons_;
  }
  const std::map<RecordKey, Entry>& entries() const { return entries_; }
  const std::map<Pair, bool>& decisions() const { return decisions_; }
  uint32_t last_number() const { return static_cast<uint32_t>(next_.size() - 1); }

  static bool AreTwo(const Record& before, const Record& after) { return MakesAnotherPerson(before, after); }

 private:
  uint32_t Root(uint32_t number) const {
    while (next_[number] != 0) number = next_[number];
    return number;
  }

  // The enterprise IDs of a record that leaves stay with the earliest registered other one of its person.
  void Leave(const Entry& entry) {
    uint32_t heir = 0, lowest = UINT32_MAX;
    const std::map<uint32_t, uint32_t> rank = Ranks();
    const Persons& all = persons();
    for (const RecordKey& other : all.members.at(all.of.at(entry.record.key))) {
      const uint32_t number = entries_.at(other).number;
      if (number == entry.number || rank.at(number) > lowest) continue;
      lowest = rank.at(number);
      heir = number;
    }
    next_[entry.number] = heir;
    persons_.reset();
  }

  void Register(const Record& record, bool another) {
    Entry& entry = entries_[record.key];
    if (entry.number != 0 && another)
      std::erase_if(decisions_, [&](const auto& d) { return d.first.first == record.key || d.first.second == record.key; });
    if (entry.number != 0 && !another && next_[entry.number] == 0)
      next_[entry.number] = static_cast<uint32_t>(next_.size());  // nobody else has its enterprise IDs
    next_.push_back(0);
    key_of_.push_back(record.key);
    const uint32_t revision = entry.revision + 1;
    entry = Entry();
    entry.number = last_number();
    entry.revision = revision;
    entry.record = record;
    persons_.reset();
  }

  void Revise(Entry* entry, Record record) {
    ++entry->revision;
    entry->record = std::move(record);
    persons_.reset();
  }

  std::set<RecordKey> DecidedOne(const RecordKey& key) const {
    std::set<RecordKey> one = {key};
    for (size_t before = 0; before != one.size();) {
      before = one.size();
      for (const auto& [pair, same] : decisions_)
        if (same && (one.contains(pair.first) || one.contains(pair.second))) one.insert({pair.first, pair.second});
    }
    return one;
  }

  // Of live registrations: the lowest number that answers with it.
  std::map<uint32_t, uint32_t> Ranks() const {
    std::map<uint32_t, uint32_t> ranks;
    for (uint32_t n = 1; n < next_.size(); ++n) ranks.try_emplace(Root(n), n);
    return ranks;
  }

  Persons Compute() const {
    std::vector<const Entry*> list;
    std::map<RecordKey, uint32_t> place;
    for (const auto& [key, entry] : entries_) {
      if (entry.status != RecordStatus::kLive) continue;
      place[key] = static_cast<uint32_t>(list.size());
      list.push_back(&entry);
    }
    LinkOptions options = model_->BatchOptions();
    options.today = today_;
    options.threads = 1;
    for (const auto& [pair, same] : decisions_)
      if (place.contains(pair.first) && place.contains(pair.second))
        options.decisions.push_back({place[pair.first], place[pair.second], same});
    const auto run = Dedupe(list.size(), [&](size_t i, RecordView* out) { out->Assign(list[i]->record); }, options);
    EXPECT_TRUE(run.ok()) << run.status();
    Persons out;
    if (!run.ok()) return out;
    const std::map<uint32_t, uint32_t> rank = Ranks();
    std::vector<uint32_t> lowest(list.size(), UINT32_MAX);
    for (uint32_t i = 0; i < list.size(); ++i)
      lowest[run->cluster[i]] = std::min(lowest[run->cluster[i]], rank.at(list[i]->number));
    for (uint32_t i = 0; i < list.size(); ++i) {
      const uint32_t person = lowest[run->cluster[i]];
      out.of[list[i]->record.key] = person;
      out.members[person].push_back(list[i]->record.key);
    }
    uint32_t last_case = 0;
    for (const ReviewItem& item : run->review) {
      if (item.review_case == last_case) continue;
      last_case = item.review_case;
      out.review.push_back({list[item.a]->record.key, list[item.b]->record.key, item.weight, item.reason, item.priority});
    }
    for (const Link& l : run->links)
      for (const auto& [from, to] : {std::pair(l.a, l.b), std::pair(l.b, l.a)})
        out.links[list[from]->record.key].push_back(
            {list[to]->record.key, l.weight, l.decision == LinkDecision::kMatch, l.held});
    for (auto& [key, links] : out.links) std::sort(links.begin(), links.end());
    return out;
  }

  std::shared_ptr<const FrozenModel> model_;
  CivilDate today_;
  std::map<RecordKey, Entry> entries_;
  std::map<Pair, bool> decisions_;
  std::vector<uint32_t> next_;                 // by number; 0: none
  std::vector<RecordKey> key_of_ = {RecordKey()};  // by number
  std::optional<Persons> persons_;
};

}  // namespace libmpi

#endif  // LIBMPI_TESTS_REGISTRY_REGISTRY_ORACLE_H_
