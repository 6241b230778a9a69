// SPDX-License-Identifier: Apache-2.0
// HL7 v2 messages in files.
#ifndef LIBMPI_TOOLS_NAYOSE_HL7_FILES_H_
#define LIBMPI_TOOLS_NAYOSE_HL7_FILES_H_

#include <string>
#include <string_view>
#include <vector>

namespace nayose {

// The messages of a file: a line that begins with MSH begins one. Lines end with CR, LF or both and come out with CR;
// frames of MLLP, a BOM, empty lines and a batch's own segments (FHS BHS BTS FTS) are left out, as is what stands
// before the first MSH. Linear.
std::vector<std::string> MessagesOf(std::string_view bytes);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_HL7_FILES_H_
