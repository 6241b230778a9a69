// SPDX-License-Identifier: Apache-2.0
// Counts persons by what they consented to. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_REGISTRATION_COUNT_H_
#define LIBMPI_NETWORK_REGISTRATION_COUNT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "libmpi/network/consent_rows.h"
#include "libmpi/network/registration_report.h"

namespace libmpi {

class RegistrationCount {
 public:
  // By what holds on a day. `owner_of`: the facility's name by authority; borrowed.
  RegistrationCount(const std::map<std::string, std::string>& owner_of, CivilDate day)
      : owner_of_(owner_of), day_(day) {}

  void Add(const std::vector<RecordKey>& identifiers, const SaidOf& said);
  RegistrationReport Take();

 private:
  const std::map<std::string, std::string>& owner_of_;
  const CivilDate day_;
  RegistrationReport report_;
  std::map<std::string, RegistrationReport::OfFacility> facilities_;
  std::map<std::string, uint64_t> months_;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_REGISTRATION_COUNT_H_
