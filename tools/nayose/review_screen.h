// SPDX-License-Identifier: Apache-2.0
// What a steward sees of a case, as text.
#ifndef LIBMPI_TOOLS_NAYOSE_REVIEW_SCREEN_H_
#define LIBMPI_TOOLS_NAYOSE_REVIEW_SCREEN_H_

#include <cstdint>
#include <string>

#include "libmpi/network/review_desk.h"
#include "nlohmann/json.hpp"

namespace nayose {

struct ScreenStyle {
  int columns = 80;
  bool colour = false;
};

// The two records beside each other, why it is asked, what speaks for and against it, and what stewards said.
std::string CaseText(const libmpi::ReviewCase& one, const ScreenStyle& style);
// "H001:00001003 and C002:00001010", or "the revision of H001:00001003".
std::string CaseName(const libmpi::CaseKey& of);
// Every record of both persons.
std::string PersonsText(const libmpi::ReviewCase& one, const ScreenStyle& style);
// All that the weight is made of.
std::string WhyText(const libmpi::ReviewCase& one, const ScreenStyle& style);
std::string StatisticsText(const libmpi::DeskStatistics& statistics, const std::string& since);
nlohmann::ordered_json StatisticsJson(const libmpi::DeskStatistics& statistics, const std::string& since);
std::string ReviewHelpText();

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_REVIEW_SCREEN_H_
