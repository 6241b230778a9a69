// SPDX-License-Identifier: Apache-2.0
// Whom the manager knows: patient identifier domains, and the systems that feed and ask.
#ifndef LIBMPI_PIX_DIRECTORY_H_
#define LIBMPI_PIX_DIRECTORY_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/network/requester.h"
#include "libmpi/pix/identifier.h"
#include "libmpi/pix/problem.h"

namespace libmpi::pix {

// A patient identifier domain: an assigning authority of the network.
struct Domain {
  std::string name;      // the source of the registry's record keys
  Authority authority;   // all three parts (ITI-8 wants all three configured)
  std::string facility;  // the network's, whose patients these are; empty: of a shared one that nobody feeds itself
  std::string source;    // the party that feeds it: the one allowed (ITI-8); empty: none does
  // Every party that feeds a domain of its own may state identifiers of this one beside its own (a regional or national
  // number); IHE: none but the source.
  bool shared = false;
  // Its identifiers are the network's own enterprise IDs (32 hexadecimal digits), given by nobody else: no source, no
  // facility, not shared; one domain at most.
  bool enterprise = false;
};

// How an answer tells a character that the asker's character set does not have.
enum class Unencodable : uint8_t {
  kGeta,     // 〓: something stands there that could not be written
  kVariant,  // in its usual form, where the set has that (髙 as 高): readable, and not what was registered; else 〓
  kRefuse,   // not at all: the answer is refused
};

// Where what IHE says and what systems do differ; the defaults are IHE's.
struct Switches {
  bool fill_authority = true;  // an identifier without authority in a feed is of the party's first domain; else refused
  bool return_asked_identifier = false;  // ITI-9 leaves the one that was asked for out of the answer
  // A question by an identifier that was merged answers with its person; else it is unknown.
  bool answer_subsumed = true;
  bool space_in_empty_name = false;  // ITI-9: PID-5 is |~^^^^^^S|; true: one space, as ITI-10 has it
  bool errors_as_rejects = false;    // a refused feed is answered AR, not AE
  bool original_names_only = false;  // answers have kanji names alone, without their kana as a second repetition
  Unencodable unencodable = Unencodable::kGeta;
};

// A system that talks to the manager.
struct Party {
  std::string name;                   // of the configuration; the actor of its audit entries
  std::string application, facility;  // MSH-3 and MSH-4 (their first components), which it must send
  std::string member;                 // the network's facility as which it asks; empty: the network's office
  Profession profession = Profession::kSystem;
  Purpose feed_purpose = Purpose::kRegistration, question_purpose = Purpose::kTreatment;
  std::vector<std::string> domains;  // that it feeds, the first one first (from Domain.source; filled by Make())
  Switches switches;
  // ITI-10: of which domains it wants to be told; all, where `all_domains`. Neither: it is told nothing.
  std::vector<std::string> interests;
  bool all_domains = false;
  bool wants_updates() const { return all_domains || !interests.empty(); }
};

// Immutable; thread-safe.
class Directory {
 public:
  // kInvalidArgument: two of one name, authorities that overlap, a source, domain or facility that nobody is, a domain
  // whose authority has not all three parts, two parties with one application and facility, a domain of enterprise IDs
  // that is the second one, is fed or is wanted by updates.
  static absl::StatusOr<std::shared_ptr<const Directory>> Make(std::vector<Domain> domains, std::vector<Party> parties);

  const std::vector<Domain>& domains() const { return domains_; }
  const std::vector<Party>& parties() const { return parties_; }
  bool has_shared() const;
  // The domain of enterprise IDs. Null: there is none.
  const Domain* enterprise() const { return enterprise_ ? &domains_[*enterprise_] : nullptr; }
  // Null: none.
  const Domain* FindDomain(std::string_view name) const;
  const Party* FindParty(std::string_view name) const;
  // Null: nobody. By the first components of MSH-3 and MSH-4.
  const Party* FindParty(std::string_view application, std::string_view facility) const;

  // The domain of an authority, however it is said; universal IDs also with "urn:oid:" before them, and types in any
  // case. A namespace that nobody here knows does not contradict a universal ID that is known: namespaces are local
  // (HL7 2.A.33). The fault: kNoAuthority, kIncompleteAuthority, kContradictoryAuthority, kUnknownAuthority.
  std::variant<const Domain*, Fault> DomainOf(const Authority& authority) const;

 private:
  Directory() = default;
  std::vector<Domain> domains_;
  std::vector<Party> parties_;
  std::optional<size_t> enterprise_;
  absl::Status AddDomain(size_t index);
  absl::Status AddEnterprise(size_t index);
  absl::Status AddParty(size_t index);
  absl::Status CheckInterest(const Party& party, const std::string& interest) const;

  using Index = std::map<std::string, size_t, std::less<>>;
  Index by_name_, by_namespace_, by_universal_, party_by_name_;
  std::map<std::pair<std::string, std::string>, size_t> party_by_address_;
};

}  // namespace libmpi::pix

#endif  // LIBMPI_PIX_DIRECTORY_H_
