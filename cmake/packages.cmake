# Debian packages of what cmake/install.cmake installs: `cpack` in a build folder makes libnayose1, libnayose-dev and
# nayose, without the network, for the libraries of the system that they are made on.
if(NOT TARGET libmpi_c OR NOT LIBMPI_BUILD_TOOLS)
  return()
endif()
set(debian "${PROJECT_SOURCE_DIR}/packaging/debian")
set(LIBMPI_PACKAGE_MAINTAINER "The libmpi authors <maintainers@libmpi.invalid>"
  CACHE STRING "Who answers for the packages")

# The first line of the changelog has the version, and the number of the package for it.
file(STRINGS ${debian}/changelog version LIMIT_COUNT 1)
if(NOT version MATCHES "^nayose [(]${PROJECT_VERSION}-([0-9]+)[)]")
  message(FATAL_ERROR "packaging/debian/changelog is not of version ${PROJECT_VERSION}: ${version}")
endif()
set(release "${CMAKE_MATCH_1}")

get_target_property(libmpi_c_abi libmpi_c SOVERSION)
foreach(pair runtime=libnayose${libmpi_c_abi} development=libnayose-dev tool=nayose)
  string(REPLACE "=" ";" pair ${pair})
  list(GET pair 0 component)
  list(GET pair 1 package)
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package})
  install(FILES ${debian}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
    COMPONENT ${component} EXCLUDE_FROM_ALL)
  install(FILES ${debian}/changelog DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} RENAME changelog.Debian
    COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()
get_target_property(scripts_licences nayose REPORT_SCRIPTS_LICENCES)
install(FILES ${scripts_licences} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/nayose RENAME report_scripts.licences.txt
  COMPONENT tool EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nayose)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each has its own
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_THREADS 0)
set(CPACK_COMPONENTS_ALL runtime development tool)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PRE_BUILD_SCRIPTS ${debian}/finish_files.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${debian}/finish_control.cmake)
set(CPACK_NAYOSE_STRIP ${CMAKE_STRIP})
set(CPACK_NAYOSE_AR ${CMAKE_AR})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${LIBMPI_PACKAGE_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_RELEASE ${release})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(about "libmpi tells which patient records are one person, in the lists that
hospitals, clinics, pharmacies and care offices in Japan write: kanji, kana
or romaji, era dates, unsplit names.
")

# Every symbol has the version that brought it; a program depends on the newest of those that it calls.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs
  "libnayose ${libmpi_c_abi} libnayose${libmpi_c_abi} (>= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
  "${PROJECT_BINARY_DIR}/debian/shlibs;${debian}/symbols;${debian}/triggers")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "master patient index, C library
${about}
This package has the shared library.")

# The C++ library needs what is suggested; a program in C needs none of it.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libnayose${libmpi_c_abi} (= ${PROJECT_VERSION}-${release})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS
  "pkg-config, cmake, libabsl-dev, libicu-dev, libpugixml-dev, librocksdb-dev, libssl-dev, libzstd-dev, nlohmann-json3-dev, zlib1g-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "master patient index, for programs in C and C++
${about}
This package has the header, what links with the library (shared, or static
with all that it needs), the manual of the C API, and the C++ library, which
is static and needs the suggested packages.")

set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION science)
set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_TOOL_DESCRIPTION "master patient index, the command
${about}
This package has the command, which links lists and keeps an index that grows
record by record.")

foreach(component RUNTIME DEVELOPMENT TOOL)
  set(CPACK_DEBIAN_${component}_PACKAGE_SOURCE nayose)
endforeach()
include(CPack)
