// SPDX-License-Identifier: Apache-2.0
// Pseudonyms for secondary use: names of persons and records that say nothing, are stable within a project, and tell
// nothing across projects.
//
// A project has a key of 32 secret bytes, which its trustee keeps; no registry ever does. From it, and from the project's
// name, two keys are derived by HKDF with SHA-256 (RFC 5869), one a kind of pseudonym:
//  - of a person: their enterprise ID, which is one block of 128 bits, as AES-256 makes another of it (FIPS 197; one block
//    by itself, as ECB of NIST SP 800-38A: an ID occurs in no other block and says nothing of its person, so that what ECB
//    gives away, which blocks are alike, is just what is wanted). One to one, so that two persons never share one, and
//    back with the key alone.
//  - of a record: the first 128 bits of HMAC-SHA-256 (RFC 2104) of its identifier. Whoever pseudonymizes a facility's own
//    extract by the same key can join it. Two of 10 million records share one with a probability below 2^-81.
//
// Against whom:
//  - Who has an export, or those of many projects, and none of the keys: learns who-is-who, and how many records of which
//    authorities each person has; not who they are, and not by their pseudonyms who is who in another project. What is
//    rare remains so: somebody with records of an unlikely set of authorities can be recognised by it in two exports, and
//    joined data (diagnoses, dates) tell more than any pseudonym hides. Contracts have to bind whoever gets one.
//  - Who has a key too: names any identifier's pseudonym, and so finds out whose they are by trying all numbers that a
//    facility might give. Hence the trustee pseudonymizes extracts, and gives the key to nobody.
//  - Who has a key and may ask the registry: Network::Reidentify(), which the rules allow to few, and notes.
//  - Who writes to the registry does not change a pseudonym; where persons are merged, the merged one's is that of the
//    surviving ID, and the other still answers when it is asked for.
#ifndef LIBMPI_NETWORK_PSEUDONYMS_H_
#define LIBMPI_NETWORK_PSEUDONYMS_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "libmpi/base/progress.h"
#include "libmpi/record/record.h"
#include "libmpi/registry/registry.h"

namespace libmpi {

// 32 secret bytes, wiped when they go.
class SecretKey {
 public:
  static constexpr size_t kBytes = 32;
  // Random ones. kInternal: there is no randomness.
  static absl::StatusOr<SecretKey> New();
  // The 32 bytes themselves, or 64 hexadecimal digits and perhaps a line's end. kInvalidArgument: anything else, also
  // bytes that are a text or all the same: somebody's password is no key.
  static absl::StatusOr<SecretKey> Parse(std::string_view text);

  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  // 64 hexadecimal digits. Whoever asks for them wipes them.
  std::string ToHex() const;
  const uint8_t* data() const { return bytes_.data(); }
  uint8_t* data() { return bytes_.data(); }

 private:
  std::array<uint8_t, kBytes> bytes_{};
};

struct Pseudonym {
  std::array<uint8_t, 16> bytes{};
  auto operator<=>(const Pseudonym&) const = default;
  // 32 hexadecimal digits, and back; nothing where the text is anything else.
  std::string ToString() const;
  static std::optional<Pseudonym> Parse(std::string_view text);
};

// Names persons and records for one project. Immutable, thread-safe. Of its methods each is O(1) but for the length of
// identifiers, some microseconds; kInternal: the cryptographic library failed, and nothing is told.
class Pseudonymizer {
 public:
  // The key, and the project's name: the same key gives other pseudonyms under another name. kInvalidArgument: a name that
  // is empty, longer than 200 bytes, or has control characters.
  static absl::StatusOr<Pseudonymizer> Make(const SecretKey& key, std::string project);

  const std::string& project() const { return project_; }

  absl::StatusOr<Pseudonym> OfPerson(const EnterpriseId& person) const;
  // Of a pseudonym that another key or project made, an ID that is nobody's: a registry finds one of its own in that with a
  // probability below 2^-96 each.
  absl::StatusOr<EnterpriseId> PersonOf(const Pseudonym& pseudonym) const;
  absl::StatusOr<Pseudonym> OfRecord(const RecordKey& record) const;

 private:
  explicit Pseudonymizer(std::string project) : project_(std::move(project)) {}

  std::string project_;
  SecretKey person_key_, record_key_;
};

struct PseudonymOptions {
  // Persons of one sex, ten years of birth and prefecture (as their golden record says; what it does not say is a value
  // of its own) who are fewer than this are flagged. 0, 1: nobody.
  uint64_t smallest_cell = 10;
  ProgressCallback progress;  // "pseudonymize", in records; null: nobody is told
};

// Of one record of one person.
struct PseudonymRow {
  std::string_view authority;  // that issued its identifier; holds for the call
  Pseudonym record, person;
  bool small_cell = false;     // its person is one of few: to be left out of what is published
};

struct PseudonymCounts {
  uint64_t persons = 0, records = 0;  // told of
  uint64_t left_out = 0;              // persons whom consent does not let be told of
  uint64_t in_small_cells = 0;        // of `persons`
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_PSEUDONYMS_H_
