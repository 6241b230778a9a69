# What `cmake --install` installs, in three components:
#   runtime      libnayose.so.1, for programs that use the C API
#   tool         the command nayose
#   development  headers, libraries to link, packages for find_package(libmpi) and pkg-config, manual of the C API
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(libmpi_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/libmpi)

# C++: static, one library a layer.
get_property(layers GLOBAL PROPERTY LIBMPI_LAYER_TARGETS)
install(TARGETS ${layers} libmpi_all EXPORT libmpiTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY libmpi DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h"
  REGEX "libmpi/registry/.*[.]h$" EXCLUDE)  # the registry is three headers
install(FILES libmpi/registry/registry.h libmpi/registry/side_rows.h libmpi/registry/standby.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/libmpi/registry COMPONENT development)
install(EXPORT libmpiTargets NAMESPACE libmpi:: DESTINATION ${libmpi_package_dir} COMPONENT development)

# C: an export of its own, so that a C project need not find what only C++ needs.
if(TARGET libmpi_c)
  install(TARGETS libmpi_c EXPORT libmpiCTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
    PUBLIC_HEADER DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
  install(EXPORT libmpiCTargets NAMESPACE libmpi:: DESTINATION ${libmpi_package_dir} COMPONENT development)
  # What a static link needs beside the archive; it names nothing that is not the compiler's or libc's.
  set(NAYOSE_STATIC_LIBS "-lstdc++ -lm -lpthread -ldl")
  set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
  file(RELATIVE_PATH pc_prefix ${pc_dir} ${CMAKE_INSTALL_PREFIX})
  string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
  set(pc_files nayose)
  if(TARGET libmpi_c_static)
    list(APPEND pc_files nayose-static)
    install(FILES $<TARGET_PROPERTY:libmpi_c_static,ARCHIVE> DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
    install(FILES $<TARGET_PROPERTY:libmpi_c_static,LICENCES> DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libnayose-dev
      COMPONENT development)
  endif()
  foreach(pc IN LISTS pc_files)
    configure_file(bindings/c/${pc}.pc.in ${PROJECT_BINARY_DIR}/${pc}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/${pc}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
  endforeach()
  install(FILES docs/man/nayose.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3 COMPONENT development)
endif()

configure_package_config_file(cmake/libmpiConfig.cmake.in ${PROJECT_BINARY_DIR}/libmpiConfig.cmake
  INSTALL_DESTINATION ${libmpi_package_dir} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/libmpiConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/libmpiConfig.cmake ${PROJECT_BINARY_DIR}/libmpiConfigVersion.cmake
  DESTINATION ${libmpi_package_dir} COMPONENT development)

if(LIBMPI_BUILD_TOOLS)
  install(TARGETS nayose RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
  install(FILES docs/man/nayose.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool)
  install(FILES data/serve/network.toml data/serve/nayose.service
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/nayose/examples COMPONENT tool)
endif()
