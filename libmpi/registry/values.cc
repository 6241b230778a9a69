// SPDX-License-Identifier: Apache-2.0
#include "libmpi/registry/values.h"

#include <algorithm>
#include <type_traits>

#include "libmpi/base/value_codec.h"

namespace libmpi {
namespace {

constexpr uint8_t kPlain = 1;

// Visit(to, value) below names the parts of a value in the order of its bytes; a ValueWriter or a ValueReader.

template <typename To, typename Key>
void VisitKey(To* to, Key& key) {
  to->Text(key.source);
  to->Text(key.record_id);
  to->Number(key.part);
}

template <typename To, typename R>
void VisitStatements(To* to, R& record) {
  const auto text = [to](auto& t) { to->Text(t); };
  to->Items(record.names, [&](auto& n) {
    for (auto* part : {&n.full, &n.family, &n.given, &n.full_kana, &n.family_kana, &n.given_kana, &n.latin})
      to->Text(*part);
  });
  to->Items(record.former_names, text);
  to->Items(record.births, text);
  to->Items(record.sexes, text);
  to->Items(record.coverages, [&](auto& c) {
    for (auto* part : {&c.insurer, &c.symbol, &c.number, &c.branch}) to->Text(*part);
  });
  to->Items(record.care, [&](auto& c) {
    to->Text(c.insurer);
    to->Text(c.number);
  });
  to->Items(record.addresses, [&](auto& a) {
    for (auto* part : {&a.postal_code, &a.prefecture, &a.city, &a.street, &a.full}) to->Text(*part);
  });
  to->Items(record.phones, text);
}

template <typename To, typename R>
void VisitRecord(To* to, R& record) {
  VisitKey(to, record.key);
  VisitStatements(to, record);
}

template <typename To, typename Date>
void VisitDate(To* to, Date& date) {
  to->Number(date.year);
  to->Number(date.month);
  to->Number(date.day);
}

template <typename T, typename V>
constexpr bool kIs = std::is_same_v<std::remove_const_t<V>, T>;

template <typename To, typename S>
void VisitHead(To* to, S& v) {
  to->Number(v.status);
  to->Number(v.number);
  to->Number(v.revision);
  to->Number(v.node);
  to->Ascending(v.origins);
  to->Maybe(v.surviving, [to](auto& key) { VisitKey(to, key); });
  VisitDate(to, v.said_on);
  to->Number(v.registered_event);
  to->Items(v.earlier, [to](auto& e) {
    to->Number(e.number);
    to->Number(e.registered_event);
  });
  to->Number(v.decided);
}

template <typename To, typename V>
void Visit(To* to, V& v) {
  if constexpr (kIs<Statement, V>) {
    VisitHead(to, v);
    VisitRecord(to, v.record);
    to->Later(v.erased);
  } else if constexpr (kIs<PersonOfRecord, V>) {
    to->Number(v.number);
    to->Number(v.person);
    to->Items(v.members, [to](auto& key) { VisitKey(to, key); });
  } else if constexpr (kIs<DecisionValue, V>) {
    to->Number(v.same);
    to->Number(v.event);
  } else if constexpr (kIs<QuestionValue, V>) {
    VisitKey(to, v.a);
    VisitKey(to, v.b);
    to->Signed(v.weight);
    to->Number(v.reason);
    to->Real(v.priority);
  } else if constexpr (kIs<EventValue, V>) {
    to->Signed(v.unix_milliseconds);
    to->Number(v.kind);
    to->Text(v.by.actor);
    to->Text(v.by.reason);
    VisitKey(to, v.record);
    VisitKey(to, v.other);
    to->Items(v.also, [to](auto& key) { VisitKey(to, key); });
    to->Text(v.detail);
    to->Items(v.moves, [to](auto& move) {
      VisitKey(to, move.record);
      to->Number(move.before);
      to->Number(move.after);
    });
  } else if constexpr (kIs<HeldValue, V>) {
    VisitDate(to, v.said_on);
    to->Number(v.event);
    VisitRecord(to, v.revision);
  } else if constexpr (kIs<AssigningAuthority, V>) {
    for (auto* part : {&v.name, &v.oid, &v.facility, &v.owner}) to->Text(*part);
    to->Later(v.trust);
  } else if constexpr (kIs<KeySlot, V>) {
    to->Number(v.count);
    to->Ascending(v.nodes);
    to->Words(v.children);
  } else if constexpr (kIs<NodeState, V>) {
    to->Items(v.records, [to](auto& r) {
      to->Number(r.number);
      to->Number(r.rank);
      to->Number(r.person);
      to->Number(r.decided);
      VisitKey(to, r.key);
    });
    to->Items(v.edges, [to](auto& e) {
      to->Number(e.other);
      to->Signed(e.weight);
      to->Number(e.held);
    });
  } else if constexpr (kIs<RecordKey, V>) {
    VisitKey(to, v);
  } else {
    static_assert(kIs<std::vector<RecordKey>, V>);
    to->Items(v, [to](auto& key) { VisitKey(to, key); });
  }
}

template <typename V>
std::string PackValue(const V& value) {
  std::string bytes(1, static_cast<char>(kPlain));
  ValueWriter to(&bytes);
  Visit(&to, const_cast<V&>(value));  // which writing leaves alone
  return bytes;
}

absl::Status Damaged() { return absl::DataLossError("a value of the registry is damaged"); }

template <typename V>
absl::Status UnpackValue(std::string_view bytes, V* value) {
  ValueReader from(bytes);
  if (from.bytes().Byte() != kPlain) return Damaged();
  Visit(&from, *value);
  return from.bytes().done() ? absl::OkStatus() : Damaged();
}

}  // namespace

std::pair<uint32_t, uint32_t> PersonsOfQuestion(ReviewReason reason, uint32_t person, uint32_t other) {
  if (reason == ReviewReason::kLargeCluster) return {0, person};
  return std::minmax({person, other});
}

std::string Pack(const Statement& value) { return PackValue(value); }
std::string Pack(const PersonOfRecord& value) { return PackValue(value); }
std::string Pack(const DecisionValue& value) { return PackValue(value); }
std::string Pack(const QuestionValue& value) { return PackValue(value); }
std::string Pack(const EventValue& value) { return PackValue(value); }
std::string Pack(const HeldValue& value) { return PackValue(value); }
std::string Pack(const AssigningAuthority& value) { return PackValue(value); }
std::string Pack(const KeySlot& value) { return PackValue(value); }
std::string Pack(const NodeState& value) { return PackValue(value); }
std::string Pack(const RecordKey& value) { return PackValue(value); }
std::string Pack(const std::vector<RecordKey>& value) { return PackValue(value); }
std::string PackNumber(uint64_t value) {
  std::string bytes(1, static_cast<char>(kPlain));
  ByteWriter(&bytes).Number(value);
  return bytes;
}
std::string PackText(std::string_view value) { return static_cast<char>(kPlain) + std::string(value); }

absl::Status Unpack(std::string_view bytes, Statement* value) {
  const absl::Status status = UnpackValue(bytes, value);
  return status.ok() && value->status > RecordStatus::kSubsumed ? Damaged() : status;
}
absl::Status UnpackView(std::string_view bytes, Statement* head, RecordView* record) {
  ValueReader from(bytes);
  if (from.bytes().Byte() != kPlain) return Damaged();
  VisitHead(&from, *head);
  from.Text(record->source);
  from.Text(record->record_id);
  from.Number(record->part);
  VisitStatements(&from, *record);
  from.Later(head->erased);
  record->said_on = head->said_on;
  return from.bytes().done() && head->status <= RecordStatus::kSubsumed ? absl::OkStatus() : Damaged();
}
absl::Status Unpack(std::string_view bytes, PersonOfRecord* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, DecisionValue* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, QuestionValue* value) {
  const absl::Status status = UnpackValue(bytes, value);
  return status.ok() && value->reason > ReviewReason::kLargeCluster ? Damaged() : status;
}
absl::Status Unpack(std::string_view bytes, EventValue* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, HeldValue* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, AssigningAuthority* value) {
  const absl::Status status = UnpackValue(bytes, value);
  return status.ok() && value->trust > AuthorityTrust::kDeclared ? Damaged() : status;
}
absl::Status Unpack(std::string_view bytes, KeySlot* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, NodeState* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, RecordKey* value) { return UnpackValue(bytes, value); }
absl::Status Unpack(std::string_view bytes, std::vector<RecordKey>* value) { return UnpackValue(bytes, value); }
absl::Status UnpackNumber(std::string_view bytes, uint64_t* value) {
  ByteReader in(bytes);
  if (in.Byte() != kPlain) return Damaged();
  *value = in.Number();
  return in.done() ? absl::OkStatus() : Damaged();
}
absl::Status UnpackText(std::string_view bytes, std::string* value) {
  if (bytes.empty() || static_cast<uint8_t>(bytes.front()) != kPlain) return Damaged();
  *value = std::string(bytes.substr(1));
  return absl::OkStatus();
}

}  // namespace libmpi
