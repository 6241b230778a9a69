// SPDX-License-Identifier: Apache-2.0
// Which keys of a configuration take effect only when the server is started anew; all others do on a reload. What is of
// a registry that is made (create, model, consent), or is done once at a start (warm), is neither.
#ifndef LIBMPI_TOOLS_SERVE_RESTART_KEYS_H_
#define LIBMPI_TOOLS_SERVE_RESTART_KEYS_H_

#include <string>
#include <vector>

#include "tools/serve/config.h"

namespace nayose {

// "registry.folder", "listener", "server.threads" ... in the order of the example's configuration.
std::vector<std::string> RestartKeys();
// Of these, those in which two configurations differ.
std::vector<std::string> ChangedRestartKeys(const ServeConfig& running, const ServeConfig& wanted);
// Puts what they say in the running configuration into another one.
void KeepRestartKeys(const ServeConfig& running, ServeConfig* wanted);

// "registry.folder, listener"; "" where there are none.
std::string KeyList(const std::vector<std::string>& keys);

}  // namespace nayose

#endif  // LIBMPI_TOOLS_SERVE_RESTART_KEYS_H_
