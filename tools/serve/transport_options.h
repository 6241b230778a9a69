// SPDX-License-Identifier: Apache-2.0
// The configuration as the transport is told it.
#ifndef LIBMPI_TOOLS_SERVE_TRANSPORT_OPTIONS_H_
#define LIBMPI_TOOLS_SERVE_TRANSPORT_OPTIONS_H_

#include <optional>

#include "tools/serve/config.h"
#include "tools/serve/mllp_server.h"
#include "tools/serve/tls_files.h"

namespace nayose {

std::optional<TlsFiles> TlsFilesOf(const TlsConfig& tls);
MllpServerOptions ServerOptionsOf(const ServeConfig& config);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_TRANSPORT_OPTIONS_H_
