// SPDX-License-Identifier: Apache-2.0
// The persons of a network, the facilities that know them, and what happens on which day. Only invented people.
#ifndef LIBMPI_TOOLS_SIMULATE_SIMULATED_REGION_H_
#define LIBMPI_TOOLS_SIMULATE_SIMULATED_REGION_H_

#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

#include "libmpi/exchange/feeds/feed_format.h"
#include "libmpi/network/requester.h"
#include "libmpi/record/civil_date.h"
#include "libmpi/record/record.h"
#include "tools/simulate/network_config.h"

namespace nayose {

struct SimulationOptions {
  double scale = 1;   // of registered persons and of institutions
  int days = 30;      // after the first one, on which everything that was there before comes in
  uint64_t seed = 1;
  uint64_t questions = 10'000;  // in all, of the network's systems
  int threads = 0;    // 0: all cores
  bool lists = true;  // also link the same rows as plain lists, to tell what the formats cost
};

// The day on which the simulation begins; later than every birth of the region.
inline constexpr libmpi::CivilDate kFirstDay = {2027, 1, 4};
libmpi::CivilDate DayNumber(int day);

struct SimulatedFacility {
  libmpi::Facility facility;  // its name is that of its assigning authority as well
  std::string institution;    // ten digits
  bool sends = false;
  libmpi::FeedFormat format = libmpi::FeedFormat::kCsv;
  std::string columns, charset;
  bool emergencies = false;
  int area = 0;
  bool of_partner = false;    // it belongs to the other network
  std::string oid = {};       // of its assigning authority, where that is another's; empty: the network gives one
};

// What a facility says of a patient on a day.
struct SimulatedRow {
  uint32_t facility = 0;      // index
  uint32_t person = 0;        // index, the truth
  int day = 0;
  libmpi::Record record;
};

inline constexpr int kNever = std::numeric_limits<int>::max();

// When a person says what of consent.
struct SimulatedPerson {
  int registers = kNever, withdraws = kNever;
  bool for_one_facility = false;  // registers for the one alone where it is said
  bool in_partner = false;        // has registered with the other network as well
};

struct SimulatedRegion {
  std::vector<SimulatedFacility> facilities;
  std::vector<SimulatedRow> rows;  // by day, then by facility
  std::vector<SimulatedPerson> persons;
  std::unordered_map<std::string, uint32_t> person_of;  // TruthKey() of each identifier

  std::unordered_map<std::string, uint32_t> facility_of;   // by the source of the generator's rows
};

// Whether files of a format name whose the numbers are, by the institution's code, whatever one is told of them.
bool NamesItself(libmpi::FeedFormat format);
std::string TruthKey(const libmpi::RecordKey& key);
// Ten digits: prefecture, a digit for the kind of facility (index into FacilityKinds(), or beyond), seven of a number.
std::string InstitutionCode(const std::string& prefecture, size_t kind, uint32_t number);

// Deterministic for the configuration and the options.
SimulatedRegion MakeSimulatedRegion(const NetworkConfig& config, const SimulationOptions& options);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_SIMULATED_REGION_H_
