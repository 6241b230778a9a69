// SPDX-License-Identifier: Apache-2.0
// What a simulation says at its end: a page for people, and the same figures as JSON.
#ifndef LIBMPI_TOOLS_SIMULATE_SIMULATION_PAGE_H_
#define LIBMPI_TOOLS_SIMULATE_SIMULATION_PAGE_H_

#include <string>

#include "tools/simulate/simulation.h"

namespace nayose {

// Markdown. Figures alone: no patient's data.
std::string SimulationPage(const SimulationResult& result);
std::string SimulationJson(const SimulationResult& result);
// One line, for who runs many.
std::string SimulationLine(const SimulationResult& result);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SIMULATE_SIMULATION_PAGE_H_
