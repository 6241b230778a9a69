// SPDX-License-Identifier: Apache-2.0
// Numbers of messages that are sent (MSH-10).
#ifndef LIBMPI_EXCHANGE_HL7V2_CONTROL_ID_H_
#define LIBMPI_EXCHANGE_HL7V2_CONTROL_ID_H_

#include <string>

namespace libmpi::hl7v2 {

// Twenty digits and capitals, as many as HL7 before 2.7 has room for: twelve by chance once a process (62 bits), so
// that none comes again over restarts and processes, and a count. Thread-safe.
std::string NewControlId();

}  // namespace libmpi::hl7v2

#endif  // LIBMPI_EXCHANGE_HL7V2_CONTROL_ID_H_
