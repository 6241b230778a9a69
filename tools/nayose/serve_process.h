// SPDX-License-Identifier: Apache-2.0
// The process of `nayose serve`.
#ifndef LIBMPI_TOOLS_NAYOSE_SERVE_PROCESS_H_
#define LIBMPI_TOOLS_NAYOSE_SERVE_PROCESS_H_

#include <string>

namespace nayose {

// Serves by the configuration of a file until SIGTERM or SIGINT; SIGHUP reads it anew. `check_only`: tells what is
// wrong with it, or what was understood. The exit code.
int RunServer(const std::string& path, bool check_only);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_SERVE_PROCESS_H_
