// SPDX-License-Identifier: Apache-2.0
// What a person should know of how the input was read.
#ifndef LIBMPI_TOOLS_NAYOSE_READING_WARNINGS_H_
#define LIBMPI_TOOLS_NAYOSE_READING_WARNINGS_H_

#include <string>
#include <vector>

#include "libmpi/exchange/patient_files.h"

namespace nayose {

// Text in the wrong encoding links on what is left of it: that must be seen.
std::vector<std::string> EncodingWarnings(const libmpi::PatientFiles& files);

// Entries of --columns that fit no file, and columns of My Numbers that were not read.
std::vector<std::string> ColumnWarnings(const libmpi::PatientFiles& files);

// Both, on standard error.
void TellWarnings(const libmpi::PatientFiles& files);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_READING_WARNINGS_H_
