// SPDX-License-Identifier: Apache-2.0
// Needs that are about who takes part, and how.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "libmpi/base/status_macros.h"
#include "tools/simulate/needs.h"

namespace nayose {
namespace {

namespace pix = libmpi::pix;
using libmpi::RecordKey;

constexpr size_t kSample = 200;

bool IsCare(const NeedContext& context, const RecordKey& key) {
  const SimulatedFacility* const f = context.network.FindFacility(key.source);
  return f != nullptr && f->facility.kind == "care";
}

bool IsMedical(const NeedContext& context, const RecordKey& key) {
  const SimulatedFacility* const f = context.network.FindFacility(key.source);
  return f != nullptr && (f->facility.kind == "hospital" || f->facility.kind == "clinic" ||
                          f->facility.kind == "pharmacy" || f->facility.kind == "dental");
}

pix::Identifier IdentifierIn(const SimulatedNetwork& network, const RecordKey& key) {
  return {key.record_id, network.AuthorityOf(key.source)};
}

// Feeds as a facility's system would.
bool IsTaken(const NeedContext& context, const std::string& facility, const pix::Feed& feed) {
  const pix::MessageId message = {"", "", "", "ITI-8", "192.0.2.1"};
  return context.network.manager().Take(*context.network.PartyOf(facility), feed, message).problems.empty();
}

// Records that the network has, of a truth person, at one facility.
using KeysOfPerson = std::map<uint32_t, std::vector<RecordKey>>;
KeysOfPerson KeysByPerson(const NeedContext& context, const Expectation& expected, const std::string& facility) {
  KeysOfPerson keys;
  for (const Expectation::Person& person : expected.persons())
    for (const RecordKey& key : person.identifiers) {
      const auto it = context.region.person_of.find(TruthKey(key));
      if (it != context.region.person_of.end() && key.part == 0 && (facility.empty() || key.source == facility))
        keys[it->second].push_back(key);
    }
  return keys;
}

}  // namespace

absl::StatusOr<NeedResult> CheckCareMerged(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  uint64_t merged = 0, asked = 0, right = 0, told_across = 0;
  for (const Expectation::Person& person : expected.persons()) {
    const auto care = std::ranges::find_if(person.identifiers, [&](const auto& k) { return IsCare(context, k); });
    const auto medical = std::ranges::find_if(person.identifiers, [&](const auto& k) { return IsMedical(context, k); });
    if (care == person.identifiers.end() || medical == person.identifiers.end()) continue;
    ++merged;
    if (asked >= 2 * kSample || care->part != 0 || medical->part != 0) continue;
    for (const auto& [own, other] : {std::pair(*care, *medical), std::pair(*medical, *care)}) {
      const SimulatedFacility& asker = *context.network.FindFacility(own.source);
      ++asked;
      const auto told = AskFor(&context.network, asker, own);
      right += told == ExpectedFor(expected, asker, own);
      told_across += told && std::ranges::find(*told, other) != told->end();
    }
  }
  return NeedResult{Need::kCareMerged, merged > 0 && right == asked && told_across > 0,
                    std::to_string(merged) + " persons are known to medicine and to care; asked from both sides, " +
                        OutOf(right, asked) + " answers are right, " + std::to_string(told_across) +
                        " of them tell of the other side (the others' persons have not registered)"};
}

absl::StatusOr<NeedResult> CheckSeveralMerged(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation before, Expectation::Of(&context.network));
  std::vector<std::pair<RecordKey, RecordKey>> pairs;
  for (const auto& [person, keys] : KeysByPerson(context, before, "")) {
    for (size_t i = 1; i < keys.size() && pairs.size() < kSample; ++i)
      if (keys[i].source == keys[i - 1].source && context.network.FindFacility(keys[i].source) != nullptr) {
        pairs.emplace_back(keys[i - 1], keys[i]);
        break;
      }
  }
  uint64_t merged = 0, answered = 0, undone = 0;
  for (const auto& [surviving, subsumed] : pairs) {
    const SimulatedFacility& asker = *context.network.FindFacility(surviving.source);
    pix::Feed feed;
    feed.kind = pix::Feed::Kind::kMerge;
    feed.identifiers = {IdentifierIn(context.network, surviving)};
    feed.subsumed = {IdentifierIn(context.network, subsumed)};
    if (!IsTaken(context, surviving.source, feed)) continue;
    ++merged;
    std::optional<std::vector<RecordKey>> by_old = AskFor(&context.network, asker, subsumed);
    std::optional<std::vector<RecordKey>> by_new = AskFor(&context.network, asker, surviving);
    // The one that was asked for is left out of an answer.
    if (by_old) std::erase(*by_old, surviving);
    answered += by_old && by_new && by_old == by_new;
    undone += context.network.network()
                  .Unsubsume(subsumed, SimulatedNetwork::Of(subsumed.source, libmpi::Profession::kSystem,
                                                            libmpi::Purpose::kRegistration))
                  .ok();
  }
  LIBMPI_ASSIGN_OR_RETURN(const Expectation after, Expectation::Of(&context.network));
  bool same = before.persons().size() == after.persons().size();
  for (size_t i = 0; same && i < before.persons().size(); ++i)
    same = before.persons()[i].identifiers == after.persons()[i].identifiers;
  const bool good = !pairs.empty() && merged == pairs.size() && answered == merged && undone == merged && same;
  return NeedResult{Need::kSeveralMerged, good,
                    OutOf(merged, pairs.size()) + " double registrations of one facility merged (A40), " +
                        OutOf(answered, merged) + " answer by the old number, " + OutOf(undone, merged) +
                        " parted again; afterwards the persons are " + (same ? "the very same" : "OTHERS")};
}

absl::StatusOr<NeedResult> CheckTied(const NeedContext& context, Need need, const std::string& kind) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  uint64_t known = 0, tied = 0, wrong = 0, asked = 0, right = 0;
  const KeysOfPerson everywhere = KeysByPerson(context, expected, "");
  for (const SimulatedFacility& member : context.network.facilities()) {
    if (member.facility.kind != kind || !member.sends) continue;
    for (const auto& [truth, keys] : KeysByPerson(context, expected, member.facility.name)) {
      const RecordKey& key = keys[0];
      const std::vector<RecordKey>& all = everywhere.at(truth);
      const bool elsewhere = std::ranges::any_of(all, [&](const auto& k) { return k.source != key.source; });
      const Expectation::Person& person = *expected.PersonOf(key);
      bool own_other = false, stranger = false;
      for (const RecordKey& other : person.identifiers) {
        const auto of = context.region.person_of.find(TruthKey(other));
        if (of == context.region.person_of.end() || other.source == key.source) continue;
        (of->second == truth ? own_other : stranger) = true;
        const SimulatedFacility* const asker = context.network.FindFacility(other.source);
        if (asked < kSample && asker != nullptr && key.part == 0) {
          ++asked;
          right += IsAnsweredAsExpected(&context.network, expected, *asker, key);
        }
      }
      known += elsewhere;
      tied += own_other;
      wrong += stranger;
    }
  }
  const bool good = known > 0 && asked > 0 && right == asked && tied * 10 >= known * 8 && wrong * 200 <= known;
  return NeedResult{need, good,
                    OutOf(tied, known) + " of its persons whom others know are tied to what they know, " +
                        std::to_string(wrong) + " also to somebody else's; asked by its numbers, " +
                        OutOf(right, asked) + " answers are right"};
}

absl::StatusOr<NeedResult> CheckFeedOnly(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  uint64_t members = 0, others = 0, silent = 0, own = 0, own_alone = 0;
  for (const SimulatedFacility& member : context.network.facilities()) {
    if (member.facility.queries || !member.sends) continue;
    ++members;
    uint64_t asked = 0;
    for (const Expectation::Person& person : expected.persons()) {
      if (asked >= kSample) break;
      for (const RecordKey& key : person.identifiers) {
        if (key.part != 0) continue;
        ++asked;
        const auto told = AskFor(&context.network, member, key);
        if (key.source != member.facility.name) {
          ++others;
          silent += !told;
        } else {
          ++own;
          own_alone += told && std::ranges::all_of(*told, [&](const auto& k) { return k.source == member.facility.name; });
        }
      }
    }
  }
  return NeedResult{Need::kFeedOnly, members > 0 && others > 0 && silent == others && own > 0 && own_alone == own,
                    std::to_string(members) + " members that only send: asked by others' numbers " +
                        OutOf(silent, others) + " times told nothing, by their own " + OutOf(own_alone, own) +
                        " times of their own alone"};
}

absl::StatusOr<NeedResult> CheckLookOnly(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation expected, Expectation::Of(&context.network));
  uint64_t members = 0, refused = 0, asked = 0, right = 0, told_of = 0;
  for (const SimulatedFacility& member : context.network.facilities()) {
    if (member.facility.feeds || member.emergencies) continue;
    ++members;
    pix::Feed feed;
    feed.kind = pix::Feed::Kind::kAdd;
    feed.identifiers = {{"1", {"", "", ""}}};
    feed.record.names.push_back({.full = "北大路 花子"});
    feed.record.births = {"1950-03-10"};
    refused += !IsTaken(context, member.facility.name, feed);
    uint64_t of_this = 0;
    for (const Expectation::Person& person : expected.persons()) {
      if (of_this++ >= 20) break;
      if (person.identifiers[0].part != 0) continue;
      ++asked;
      const auto told = AskFor(&context.network, member, person.identifiers[0]);
      right += told == ExpectedFor(expected, member, person.identifiers[0]);
      told_of += told.has_value();
    }
  }
  return NeedResult{Need::kLookOnly, members > 0 && refused == members && right == asked && told_of > 0,
                    OutOf(refused, members) + " members that only look are refused as feeds; " + OutOf(right, asked) +
                        " of their questions are answered rightly, " + std::to_string(told_of) + " of them with a person"};
}

absl::StatusOr<NeedResult> CheckCard(const NeedContext& context) {
  LIBMPI_ASSIGN_OR_RETURN(const Expectation before, Expectation::Of(&context.network));
  std::vector<std::pair<std::string, std::vector<RecordKey>>> cards;
  for (const auto& [person, keys] : KeysByPerson(context, before, "")) {
    if (cards.size() >= kSample || keys.size() < 2) continue;
    char card[24];
    std::snprintf(card, sizeof card, "C%07u", person);
    cards.emplace_back(card, keys);
  }
  uint64_t said = 0, taken = 0, tied_before = 0, tied = 0, asked = 0, right = 0;
  for (const auto& [card, keys] : cards)
    for (const RecordKey& key : keys) {
      libmpi::RecordStatus status;
      LIBMPI_ASSIGN_OR_RETURN(libmpi::Record record, context.network.registry().Get(key, &status));
      pix::Feed feed;
      feed.kind = pix::Feed::Kind::kRevise;
      feed.identifiers = {IdentifierIn(context.network, key), IdentifierIn(context.network, {kCardDomain, card, 0})};
      feed.record = std::move(record);
      ++said;
      taken += IsTaken(context, key.source, feed);
    }
  LIBMPI_ASSIGN_OR_RETURN(const Expectation after, Expectation::Of(&context.network));
  const auto together = [](const Expectation& expected, const std::vector<RecordKey>& keys) {
    return std::ranges::all_of(keys, [&](const auto& k) { return expected.PersonOf(k) == expected.PersonOf(keys[0]); });
  };
  uint64_t known = 0;
  for (const auto& [card, keys] : cards) {
    tied_before += together(before, keys);
    tied += together(after, keys);
    const Expectation::Person* const shown = after.PersonOf({kCardDomain, card, 0});
    known += shown != nullptr && std::ranges::any_of(keys, [&](const auto& k) { return after.PersonOf(k) == shown; });
    for (const RecordKey& key : keys) {
      const SimulatedFacility* const asker = context.network.FindFacility(key.source);
      if (asker == nullptr) continue;
      ++asked;
      right += IsAnsweredAsExpected(&context.network, after, *asker, {kCardDomain, card, 0});
    }
  }
  return NeedResult{Need::kCard, !cards.empty() && known == cards.size() && taken == said && tied >= tied_before && right == asked,
                    std::to_string(cards.size()) + " persons show a card at each facility: " + OutOf(taken, said) +
                        " statements taken; whole persons " + std::to_string(tied_before) + " before, " +
                        std::to_string(tied) + " with it; asked by the card's key, " + OutOf(right, asked) +
                        " answers are right"};
}

}  // namespace nayose
