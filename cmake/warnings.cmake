# Warnings for our own targets only; nothing leaks to users.
add_library(libmpi_warnings INTERFACE)
target_compile_options(libmpi_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  -Wno-sign-compare
  # GCC 12 sees overlap in std::string where there is none (GCC bug 105329).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<BOOL:${LIBMPI_WERROR}>:-Werror>)
