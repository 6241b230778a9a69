// SPDX-License-Identifier: Apache-2.0
// The keys of the registry's tables.
#ifndef LIBMPI_REGISTRY_KEYS_H_
#define LIBMPI_REGISTRY_KEYS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libmpi/linkage/kept_linkage.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// DO NOT CHANGE the letters: stores keep them. A key is tenant (2 bytes), generation of the model (2 bytes, 0 for what
// no model makes), the table's letter, and then what stands beside it here; numbers with the highest byte first.
enum class Table : char {
  // What was said and done.
  kMeta = 'M',        // name
  kStatement = 'D',   // identifier -> Statement
  kNumber = 'S',      // number (4) -> RecordKey: who answers for it
  kDecision = 'C',    // number, other number -> DecisionValue; both ways
  kEvent = 'H',       // event (8) -> EventValue
  kPersonBefore = 'U',   // number of a record, event (8) -> its person before the event; 0: none
  kMembersBefore = 'V',  // person, event (8) -> its identifiers before the event
  kHeld = 'O',        // identifier -> HeldValue
  kAuthority = 'A',   // name -> AssigningAuthority
  kBeside = 'B',      // what others keep (side_rows.h): their key -> their value
  kAlias = 'Y',       // a name of a person -> the identifiers that answer for it
  kAssigned = 'W',    // person, other person -> assignee
  // What a model makes of it.
  kSlot = 'K',        // keyed hash of a SlotKey (16) -> KeySlot
  kContent = 'N',     // node (4) -> packed node
  kState = 'E',       // node (4) -> NodeState
  kNodeOf = 'L',      // number (4) -> node
  kPerson = 'X',      // identifier -> PersonOfRecord
  kQuestion = 'Q',    // person, other person -> QuestionValue; both ways
  kPriority = 'R',    // priority (8, the highest first), person, other person -> nothing
  kTerm = 'F',        // a search term (search_terms.h) -> nothing
};

// 128 secret bits pairs to one another: what stands in the place of a blocking key, and enterprise IDs. AES-256 of a
// block (FIPS 197), so that two inputs never give one output. Immutable, thread-safe.
class BlockCipher {
 public:
  using Block = std::array<uint8_t, 16>;
  // `key`: 32 bytes.
  explicit BlockCipher(std::string_view key);
  ~BlockCipher();
  BlockCipher(const BlockCipher&) = delete;
  BlockCipher& operator=(const BlockCipher&) = delete;

  // In place; many at once cost a fraction of one by one.
  void Encrypt(std::span<Block> blocks) const;
  Block Decrypt(const Block& block) const;

 private:
  struct Keyed;
  const std::unique_ptr<const Keyed> keyed_;
};

// Keys of one tenant and, of what a model makes, one generation. A value.
class Keys {
 public:
  Keys(uint16_t tenant, uint16_t generation) : tenant_(tenant), generation_(generation) {}
  uint16_t generation() const { return generation_; }

  std::string Prefix(Table table) const;
  // The first key behind all of a table.
  std::string End(Table table) const;
  // Of a table by name or other text.
  std::string Named(Table table, std::string_view name) const { return Prefix(table) + std::string(name); }
  std::string Of(Table table, const RecordKey& identifier) const;
  std::string Of(Table table, uint32_t number) const;
  std::string Of(Table table, uint32_t number, uint32_t other) const;
  std::string OfEvent(Table table, uint64_t event) const;
  std::string OfEvent(Table table, uint32_t number, uint64_t event) const;
  // Of Table::kPriority; sorts by falling priority, which is not negative.
  std::string OfPriority(double priority, uint32_t person, uint32_t other) const;
  std::vector<std::string> OfSlots(std::span<const SlotKey> slots, const BlockCipher& cipher) const;

  // The identifier of an `Of(table, identifier)` without its prefix.
  static RecordKey IdentifierOf(std::string_view rest);
  // The number that an `Of(table, number...)` ends with.
  static uint32_t LastNumber(std::string_view key);
  static uint64_t LastEvent(std::string_view key);

 private:
  uint16_t tenant_, generation_;
};

// The enterprise ID of a number, and back; nothing where the ID is none of this registry's.
EnterpriseId EnterpriseIdOf(uint32_t number, uint16_t tenant, const BlockCipher& cipher);
std::optional<uint32_t> NumberOf(const EnterpriseId& id, uint16_t tenant, const BlockCipher& cipher);

}  // namespace libmpi

#endif  // LIBMPI_REGISTRY_KEYS_H_
