// SPDX-License-Identifier: Apache-2.0
// report.html: one file that needs nothing else, made of the parts under tools/nayose/report/.
#ifndef LIBMPI_TOOLS_NAYOSE_REPORT_PAGE_H_
#define LIBMPI_TOOLS_NAYOSE_REPORT_PAGE_H_

#include <string>

#include "nlohmann/json.hpp"

namespace nayose {

// The page around the data. No value in the data can end the element it stands in.
std::string ReportPage(const nlohmann::ordered_json& data);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REPORT_PAGE_H_
