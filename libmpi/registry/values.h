// SPDX-License-Identifier: Apache-2.0
// What the registry's tables hold, and as which bytes.
#ifndef LIBMPI_REGISTRY_VALUES_H_
#define LIBMPI_REGISTRY_VALUES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/linkage/kept_linkage.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// Every value begins with a byte that says how the rest is framed (1: plain), so that one day it can be encrypted.
// DO NOT CHANGE what the bytes of a type mean: stores keep them.

// What was last accepted of a record, or said of it.
struct Statement {
  RecordStatus status = RecordStatus::kLive;
  uint32_t number = 0;              // of the registration: never given again
  uint32_t revision = 0;
  NodeId node = 0;                  // the one it was last seen to leave
  std::vector<uint32_t> origins;    // numbers whose enterprise IDs answer with this record; ascending
  std::optional<RecordKey> surviving;  // of a subsumed one
  CivilDate said_on;                // no birth date lies after it
  uint64_t registered_event = 0;
  struct Earlier {
    uint32_t number = 0;
    uint64_t registered_event = 0;
  };
  std::vector<Earlier> earlier;     // registrations of the identifier, first to last
  bool decided = false;             // some decision names it
  bool erased = false;              // it says nothing any more, for good; never of a live one
  Record record;
  uint32_t rank() const { return origins.empty() ? number : origins.front(); }
};

// Answers a cross-reference in one read.
struct PersonOfRecord {
  uint32_t number = 0;
  uint32_t person = 0;
  std::vector<RecordKey> members;   // of the person, by key
};

struct DecisionValue {
  bool same = false;
  uint64_t event = 0;
};

// A question between two persons, or of one.
struct QuestionValue {
  RecordKey a, b;
  FixedWeight weight = 0;
  ReviewReason reason = ReviewReason::kBetweenThresholds;
  double priority = 0;
};

// The persons that a question is kept by, the smaller number first. That a person is large is a question of its own, as two
// of its records may speak against each other too: kept with 0 in the place of the other person.
std::pair<uint32_t, uint32_t> PersonsOfQuestion(ReviewReason reason, uint32_t person, uint32_t other);

struct EventValue {
  int64_t unix_milliseconds = 0;
  EventKind kind = EventKind::kPut;
  Attribution by;
  RecordKey record, other;
  std::vector<RecordKey> also;      // records whose statements changed with it
  std::string detail;
  struct Move {
    RecordKey record;
    uint32_t before = 0, after = 0;  // persons; 0: none
  };
  std::vector<Move> moves;
};

struct HeldValue {
  Record revision;
  CivilDate said_on;
  uint64_t event = 0;
};

std::string Pack(const Statement& value);
std::string Pack(const PersonOfRecord& value);
std::string Pack(const DecisionValue& value);
std::string Pack(const QuestionValue& value);
std::string Pack(const EventValue& value);
std::string Pack(const HeldValue& value);
std::string Pack(const AssigningAuthority& value);
std::string Pack(const KeySlot& value);
std::string Pack(const NodeState& value);
std::string Pack(const RecordKey& value);
std::string Pack(const std::vector<RecordKey>& value);
std::string PackNumber(uint64_t value);
std::string PackText(std::string_view value);

// A statement with its record as a view into the bytes; `head` has everything but the record.
absl::Status UnpackView(std::string_view bytes, Statement* head, RecordView* record);

// kDataLoss where the bytes are no such value; never reads beyond them, nor takes much more memory than they.
absl::Status Unpack(std::string_view bytes, Statement* value);
absl::Status Unpack(std::string_view bytes, PersonOfRecord* value);
absl::Status Unpack(std::string_view bytes, DecisionValue* value);
absl::Status Unpack(std::string_view bytes, QuestionValue* value);
absl::Status Unpack(std::string_view bytes, EventValue* value);
absl::Status Unpack(std::string_view bytes, HeldValue* value);
absl::Status Unpack(std::string_view bytes, AssigningAuthority* value);
absl::Status Unpack(std::string_view bytes, KeySlot* value);
absl::Status Unpack(std::string_view bytes, NodeState* value);
absl::Status Unpack(std::string_view bytes, RecordKey* value);
absl::Status Unpack(std::string_view bytes, std::vector<RecordKey>* value);
absl::Status UnpackNumber(std::string_view bytes, uint64_t* value);
absl::Status UnpackText(std::string_view bytes, std::string* value);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_VALUES_H_
