# SPDX-License-Identifier: Apache-2.0
# Builds for 64-bit ARM Linux on another machine, with Debian's cross compiler and the libraries of a sysroot
# (tools/aarch64 makes one); what the build and ctest run of it runs under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(LIBMPI_SYSROOT "${CMAKE_CURRENT_LIST_DIR}/../../build/aarch64/sysroot" CACHE PATH "Root folder of a 64-bit ARM Debian")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES LIBMPI_SYSROOT)
get_filename_component(CMAKE_SYSROOT "${LIBMPI_SYSROOT}" ABSOLUTE)

set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L "${CMAKE_SYSROOT}")

# Programs are this machine's, all else is the sysroot's.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
  "${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig")
