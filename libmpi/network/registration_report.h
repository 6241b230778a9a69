// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_NETWORK_REGISTRATION_REPORT_H_
#define LIBMPI_NETWORK_REGISTRATION_REPORT_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "libmpi/network/consent.h"

namespace libmpi {

// Persons by what they consented to on the day of the report.
struct RegistrationReport {
  uint64_t persons = 0;
  std::array<uint64_t, 4> by_state{};   // by ConsentState
  uint64_t registered() const {
    return by_state[static_cast<size_t>(ConsentState::kRegistered)] +
           by_state[static_cast<size_t>(ConsentState::kReconsented)];
  }
  struct OfFacility {
    std::string facility;
    uint64_t persons = 0;               // who have an identifier there
    uint64_t registered = 0;            // of them, registered or again so
  };
  std::vector<OfFacility> facilities;   // by name; identifiers of no facility under the empty one
  struct OfMonth {
    std::string month;                  // 2026-11
    uint64_t registered = 0;            // persons registered now, since a day of that month
  };
  std::vector<OfMonth> months;
};

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_REGISTRATION_REPORT_H_
