# Warnings for our own targets only; nothing leaks to users.
add_library(libmpi_warnings INTERFACE)
target_compile_options(libmpi_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers
  -Wno-sign-compare
  $<$<BOOL:${LIBMPI_WERROR}>:-Werror>)
