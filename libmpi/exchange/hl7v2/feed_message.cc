// SPDX-License-Identifier: Apache-2.0
#include "libmpi/exchange/hl7v2/feed_message.h"

#include <algorithm>
#include <utility>

#include "libmpi/exchange/hl7v2/pid_record.h"

namespace libmpi::hl7v2 {
namespace {

using Kind = pix::Feed::Kind;

struct Trigger {
  std::string_view name;
  Kind kind;
  std::string_view transaction;
};
constexpr Trigger kTriggers[] = {
    {"A01", Kind::kAdd, "ITI-8"},     {"A04", Kind::kAdd, "ITI-8"},     {"A05", Kind::kAdd, "ITI-8"},
    {"A08", Kind::kRevise, "ITI-8"},  {"A40", Kind::kMerge, "ITI-8"},   {"A28", Kind::kAdd, "ITI-30"},
    {"A31", Kind::kRevise, "ITI-30"}, {"A24", Kind::kLink, "ITI-30"},   {"A37", Kind::kUnlink, "ITI-30"},
};

const Trigger* FindTrigger(std::string_view name) {
  for (const Trigger& trigger : kTriggers)
    if (trigger.name == name) return &trigger;
  return nullptr;
}

// Identifiers of a field with their places; those that say nothing at all are left out.
void TakeIdentifiers(const Segment& segment, size_t sequence, size_t field, std::vector<pix::Identifier>* identifiers,
                     std::vector<Location>* places) {
  const std::vector<pix::Identifier> said = ReadIdentifiers(segment.field(field));
  for (size_t i = 0; i < said.size(); ++i) {
    if (said[i] == pix::Identifier()) continue;
    identifiers->push_back(said[i]);
    places->push_back({std::string(segment.name()), sequence, field, i + 1});
  }
}

bool SameAuthority(const pix::Authority& a, const pix::Authority& b) {
  if (!a.universal_id.empty() && !b.universal_id.empty()) return a.universal_id == b.universal_id;
  return a.namespace_id == b.namespace_id;
}

void PutSurvivorFirst(FeedMessage* out) {
  if (out->feed.subsumed.empty()) return;
  std::vector<pix::Identifier>& identifiers = out->feed.identifiers;
  const auto survivor = std::find_if(identifiers.begin(), identifiers.end(), [&](const pix::Identifier& i) {
    return SameAuthority(i.authority, out->feed.subsumed[0].authority);
  });
  if (survivor == identifiers.end()) return;
  const auto at = survivor - identifiers.begin();
  std::rotate(identifiers.begin(), survivor, survivor + 1);
  std::rotate(out->identifier_places.begin(), out->identifier_places.begin() + at,
              out->identifier_places.begin() + at + 1);
}

void ReadSubsumed(const Message& message, FeedMessage* out) {
  const bool merge = out->feed.kind == Kind::kMerge;
  const char* const name = merge ? "MRG" : "PID";
  const size_t nth = merge ? 0 : 1, field = merge ? 1 : 3;
  out->subsumed_place = {name, nth + 1, field};
  const Segment* const segment = message.Find(name, nth);
  if (segment == nullptr) {
    out->errors.push_back({{name, nth + 1}, kSegmentSequence, "the segment of the second patient is missing"});
    return;
  }
  if (message.Find(name, nth + 1) != nullptr)
    out->errors.push_back({{name, nth + 2}, kSegmentSequence, "a message is of one pair of patients"});
  TakeIdentifiers(*segment, nth + 1, field, &out->feed.subsumed, &out->subsumed_places);
  if (out->feed.subsumed.empty())
    out->errors.push_back({out->subsumed_place, kRequiredFieldMissing, "the second patient has no identifier"});
}

}  // namespace

std::optional<Kind> FeedKindOf(std::string_view trigger) {
  const Trigger* const found = FindTrigger(trigger);
  return found == nullptr ? std::nullopt : std::optional<Kind>(found->kind);
}

std::string_view FeedTransactionOf(std::string_view trigger) {
  const Trigger* const found = FindTrigger(trigger);
  return found == nullptr ? std::string_view("ITI-8") : found->transaction;
}

FeedMessage ReadFeed(const Message& message, Kind kind) {
  FeedMessage out;
  out.feed.kind = kind;
  const Segment* const pid = message.Find("PID");
  if (pid == nullptr) {
    out.errors.push_back({{"PID", 1}, kSegmentSequence, "the segment PID is missing"});
    return out;
  }
  TakeIdentifiers(*pid, 1, 3, &out.feed.identifiers, &out.identifier_places);
  if (out.feed.identifiers.empty())
    out.errors.push_back({{"PID", 1, 3}, kRequiredFieldMissing, "the patient has no identifier"});
  if (kind != Kind::kAdd && kind != Kind::kRevise) {
    ReadSubsumed(message, &out);
    if (kind == Kind::kMerge) PutSurvivorFirst(&out);
    return out;
  }
  ReadPid(*pid, &out.feed.record);
  for (pix::Identifier& identifier : ReadIdentifiers(pid->field(19)))
    if (!identifier.authority.empty()) out.feed.beside.push_back(std::move(identifier));
  for (const Segment& segment : message.segments())
    if (segment.name() == "IN1") ReadIn1(segment, &out.feed.record);
  return out;
}

}  // namespace libmpi::hl7v2
