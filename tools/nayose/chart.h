// SPDX-License-Identifier: Apache-2.0
#ifndef LIBMPI_TOOLS_NAYOSE_CHART_H_
#define LIBMPI_TOOLS_NAYOSE_CHART_H_

#include <string>

#include "libmpi/linkage/linker.h"

namespace nayose {

// An explanation as a waterfall: one bar a part, from the prior to the match weight. SVG.
std::string WaterfallSvg(const libmpi::Explanation& explanation);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_CHART_H_
