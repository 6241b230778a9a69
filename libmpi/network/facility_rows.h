// SPDX-License-Identifier: Apache-2.0
// The members of a network, as they are kept: by name. Internal to libmpi/network.
#ifndef LIBMPI_NETWORK_FACILITY_ROWS_H_
#define LIBMPI_NETWORK_FACILITY_ROWS_H_

#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libmpi/network/requester.h"
#include "libmpi/registry/side_rows.h"

namespace libmpi {

std::string Pack(const Facility& facility);
absl::Status Unpack(std::string_view bytes, Facility* facility);

// By name.
absl::Status ReadFacilities(const SideReader& rows, std::map<std::string, Facility>* facilities);
void WriteFacility(const Facility& facility, SideRows* rows);

}  // namespace libmpi

#endif  // LIBMPI_NETWORK_FACILITY_ROWS_H_
