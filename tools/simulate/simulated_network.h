// SPDX-License-Identifier: Apache-2.0
// A registry that is a network's, with its PIX manager, on a clock of its own: what a simulation runs.
#ifndef LIBMPI_TOOLS_SIMULATE_SIMULATED_NETWORK_H_
#define LIBMPI_TOOLS_SIMULATE_SIMULATED_NETWORK_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "libmpi/exchange/hl7v2/responder.h"
#include "libmpi/network/network.h"
#include "libmpi/pix/manager.h"
#include "libmpi/registry/registry.h"
#include "tools/simulate/feed_folder.h"
#include "tools/simulate/simulated_region.h"

namespace nayose {

// What the simulation itself knows of consent, to judge answers by.
struct SaidInSimulation {
  libmpi::RecordKey identifier;
  bool registered = false;       // else withdrawn
  int day = 0;
  std::string facility;          // of one that may be told alone; empty: all
};

struct ImportCounts {
  uint64_t files = 0, bytes = 0, rows = 0, rejected = 0, notes = 0, unreadable = 0, unknown = 0;
  uint64_t records = 0, refused = 0, held = 0;
  double read_seconds = 0, put_seconds = 0;
  void Add(const ImportCounts& other);
};

inline constexpr char kEnterpriseDomain[] = "NETWORK";  // whose identifiers are the enterprise IDs
inline constexpr char kCardDomain[] = "CARD";           // of kCard: shared by all
inline constexpr char kOtherNetwork[] = "OTHER";        // of kInterconnected: the member that stands for it

// Of a network's enterprise IDs, below its root.
inline std::string EnterpriseOid(const std::string& root_oid) { return root_oid + ".1"; }

class SimulatedNetwork {
 public:
  // In a new folder. `clock`: the day's, shared by networks that know each other.
  static absl::StatusOr<std::unique_ptr<SimulatedNetwork>> Create(const std::string& folder, const std::string& root_oid,
                                                                  int threads);
  ~SimulatedNetwork();

  // Members from now on, beside those there are: facilities with their domains and parties. Called again with more.
  absl::Status SetMembers(std::vector<SimulatedFacility> facilities, bool shared_card, bool tenants_apart);
  void SetDay(int day);
  int day() const { return day_; }

  // Takes a day's files as `nayose import` does: all at once where the registry is empty.
  absl::StatusOr<ImportCounts> Import(const DayFolder& folder);
  // A patient says something; it counts from the day on.
  absl::Status Register(const libmpi::RecordKey& identifier, int day, const std::string& for_facility);
  absl::Status Withdraw(const libmpi::RecordKey& identifier, int day);

  libmpi::Registry& registry() { return *registry_; }
  libmpi::Network& network() { return *network_; }
  libmpi::pix::Manager& manager() { return *manager_; }
  const libmpi::hl7v2::Responder& responder() const { return *responder_; }
  const std::vector<SimulatedFacility>& facilities() const { return facilities_; }
  // Null: none of that name.
  const SimulatedFacility* FindFacility(const std::string& name) const;
  const std::vector<SaidInSimulation>& said() const { return said_; }
  void Take(const std::vector<SaidInSimulation>& said) { said_.insert(said_.end(), said.begin(), said.end()); }
  int threads() const { return threads_; }

  // Who asks: of the office, or of a member.
  static libmpi::Requester Office(libmpi::Profession profession, libmpi::Purpose purpose);
  static libmpi::Requester Of(const std::string& facility, libmpi::Profession profession, libmpi::Purpose purpose);
  // As its party is called in messages.
  const libmpi::pix::Party* PartyOf(const std::string& facility) const;
  libmpi::pix::Authority AuthorityOf(const std::string& domain) const;

 private:
  SimulatedNetwork(std::string root_oid, int threads) : root_oid_(std::move(root_oid)), threads_(threads) {}
  absl::Status TakeConsent(const libmpi::RecordKey& identifier, libmpi::ConsentKind kind, int day,
                           const std::string& for_facility);
  int64_t Tick();

  std::string root_oid_;
  int threads_;
  int day_ = 0;
  std::atomic<int64_t> now_{0};
  std::vector<SimulatedFacility> facilities_;
  std::unordered_map<std::string, size_t> facility_index_;
  std::unique_ptr<libmpi::Registry> registry_;
  std::unique_ptr<libmpi::Network> network_;
  std::unique_ptr<libmpi::pix::Manager> manager_;
  std::unique_ptr<libmpi::hl7v2::Responder> responder_;
  std::mutex mutex_;
  std::vector<SaidInSimulation> said_;
};

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_SIMULATED_NETWORK_H_
