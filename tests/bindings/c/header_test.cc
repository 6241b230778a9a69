// SPDX-License-Identifier: Apache-2.0
// nayose.h by itself, as C++17.
#include <nayose.h>

static_assert(LIBMPI_OK == 0, "success is 0");

extern "C" int32_t (*const header_test_uses_in_cxx)();
int32_t (*const header_test_uses_in_cxx)() = libmpi_abi_version;
