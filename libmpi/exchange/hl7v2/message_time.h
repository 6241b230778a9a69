// SPDX-License-Identifier: Apache-2.0
// HL7's points in time.
#ifndef LIBMPI_EXCHANGE_HL7V2_MESSAGE_TIME_H_
#define LIBMPI_EXCHANGE_HL7V2_MESSAGE_TIME_H_

#include <cstdint>
#include <string>

namespace libmpi::hl7v2 {

// Of milliseconds since 1970: "20261128143000+0900", in Japan's time, wherever this runs.
std::string MessageTime(int64_t unix_milliseconds);

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_MESSAGE_TIME_H_
