// SPDX-License-Identifier: Apache-2.0
// The links of a run that hold its clusters together.
#ifndef LIBMPI_TOOLS_NAYOSE_SPANNING_LINKS_H_
#define LIBMPI_TOOLS_NAYOSE_SPANNING_LINKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libmpi/linkage/linker.h"

namespace nayose {

// Which of the links a short links.csv has, ascending: all review links, and of the match links those of a
// maximum-weight spanning forest (Kruskal, Proc. AMS 7, 1956; of equal weights the smaller record indices
// first), so that records hang together by them at any weight as they do by all match links. O(links).
std::vector<uint32_t> SpanningLinks(const std::vector<libmpi::Link>& links, size_t records);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_SPANNING_LINKS_H_
