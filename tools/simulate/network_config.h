// SPDX-License-Identifier: Apache-2.0
// A regional network as it is simulated: data/networks has one small file each, in which what is known of it and what
// is assumed stand apart.
#ifndef LIBMPI_TOOLS_SIMULATE_NETWORK_CONFIG_H_
#define LIBMPI_TOOLS_SIMULATE_NETWORK_CONFIG_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/feeds/feed_format.h"

namespace nayose {

// What of it the simulation does beyond feeding, linking and answering. Each is done and checked, and has its line on
// the network's page.
enum class Need : uint8_t {
  kConsentsAnew,     // earlier registrations count for nothing; everybody is asked again
  kCareMerged,       // persons known to medicine and to care are one, and each side is told of the other
  kSeveralMerged,    // several registrations of a person at one facility become one (A40), and can be parted again
  kResidentList,     // the municipality's resident list is tied in
  kFeedOnly,         // some members send and are told of nobody else's patients
  kLookOnly,         // some members are told and send nothing
  kAbsorb,           // networks that were there before are taken into one
  kTakeover,         // replaces an index whose IDs go on answering
  kMassWithdrawal,   // most of the registered withdraw on one day
  kEmergency,        // a member asks beyond consent, and that is seen
  kCard,             // a card with a key that all share, beside each facility's own ID
  kOwnData,          // what persons measure or write themselves is tied to them
  kTenants,          // one master over tenants that are told nothing of each other's patients
  kPseudonyms,       // a pseudonymised store for secondary use
  kExtendedStorage,  // SS-MIX2's extended storage lies beside the standard one
  kTraces,           // logs and traces: who looked, and that nobody changed the trail
  kInterconnected,   // cross-references and demographics queries with another network
};
inline constexpr int kNeeds = 17;
std::string_view NeedName(Need need);  // "consents_anew", "care_merged" ...

// How the facilities of a kind send.
struct KindFeed {
  std::string kind;          // "hospital", "clinic", "pharmacy", "dental", "care"
  libmpi::FeedFormat format = libmpi::FeedFormat::kCsv;
  std::string columns;       // of kCsv: a map of data/mappings by whose headers the lists are written; empty: the usual ones
  std::string charset;       // empty: the format's usual one
  int percent = 100;         // of the facilities of the kind; those of one kind sum up to 100
};

// An institution of another kind: it knows persons by numbers of its own, as a register does.
struct Member {
  std::string name;          // the facility, and its assigning authority
  std::string kind;          // "town_hall", "laboratory", "health_center", "insurer", "fire_brigade", "own_data" ...
  libmpi::FeedFormat format = libmpi::FeedFormat::kCsv;
  std::string columns, charset;
  int persons_percent = 0;   // whom it knows; 0: it sends nothing
  bool queries = true;       // is told of others' patients
  bool emergencies = false;  // may ask beyond consent
  bool kana_only = false;    // writes names in kana alone
  bool has_coverage = true, has_address = true, has_phone = true;
};

struct NetworkConfig {
  std::string name;          // as it is asked for: "MMWIN"
  std::string title;         // in Japanese
  std::string about;         // a sentence
  std::string prefecture = "13";  // JIS X 0401, of institutions' codes

  uint64_t population = 0, registered = 0, institutions = 0;
  uint64_t registered_before = 0;   // of kMassWithdrawal
  std::array<int, 5> kinds_permille{};  // of the institutions, in the order of libmpi::FacilityKinds()
  std::vector<KindFeed> feeds;
  std::vector<Member> members;
  std::vector<std::string> look_only;   // kinds
  std::vector<Need> needs;
  std::string partner;                  // of kInterconnected: another network's name
  int areas = 1;                        // of kAbsorb and kTenants: how many
  int unregistered_percent = 20;        // of the persons in the feeds, who have not (yet) registered
  std::vector<std::string> later;       // what follows later, a sentence each
  std::vector<std::string> known_lines, assumed_lines;  // "hospital: ss-mix2": what the page tells apart

  bool Has(Need need) const;
};

// kInvalidArgument: all that is wrong, with lines.
absl::StatusOr<NetworkConfig> ParseNetworkConfig(std::string_view toml, const std::string& file);

// The networks that come with the program, by name.
std::vector<std::string> BundledNetworks();
// By name, in any case and with or without its marks; or a file. kNotFound names those that there are.
absl::StatusOr<NetworkConfig> FindNetwork(const std::string& name);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_NETWORK_CONFIG_H_
