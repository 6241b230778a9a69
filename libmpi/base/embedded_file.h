// SPDX-License-Identifier: Apache-2.0
// Files that stand in the program as they are (cmake/embed_tables.cmake).
#ifndef LIBMPI_BASE_EMBEDDED_FILE_H_
#define LIBMPI_BASE_EMBEDDED_FILE_H_

#include <cstddef>
#include <string_view>

namespace libmpi {

// One of kEmbeddedFiles, which are of a namespace each: the index that CMake makes defines them, and who reads them
// declares them.
struct EmbeddedFile {
  const char* path;
  const char* begin;
  const char* end;
  std::string_view bytes() const { return {begin, static_cast<size_t>(end - begin)}; }
};

}  // namespace libmpi

#endif  // LIBMPI_BASE_EMBEDDED_FILE_H_
