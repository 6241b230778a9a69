// SPDX-License-Identifier: Apache-2.0
// Progress on a terminal, and Ctrl-C.
#ifndef LIBMPI_TOOLS_NAYOSE_PROGRESS_H_
#define LIBMPI_TOOLS_NAYOSE_PROGRESS_H_

#include "libmpi/base/progress.h"

namespace nayose {

// A callback that prints stage and share done on standard error if `show`, and
// says stop once the user has pressed Ctrl-C.
libmpi::ProgressCallback MakeProgress(bool show);

// True if standard error is a terminal.
bool StderrIsTerminal();

}  // namespace nayose

#endif  // LIBMPI_TOOLS_NAYOSE_PROGRESS_H_
