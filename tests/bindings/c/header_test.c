/* SPDX-License-Identifier: Apache-2.0
 * nayose.h by itself, as C11. */
#include <nayose.h>

_Static_assert(LIBMPI_OK == 0, "success is 0");
_Static_assert(sizeof(libmpi_code) == 4 && sizeof(libmpi_column) == 4, "words are 32 bits wide in every language");
_Static_assert(LIBMPI_NUL == SIZE_MAX, "no text is that long");

int32_t (*const header_test_uses)(void) = libmpi_abi_version;
