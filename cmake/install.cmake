# Installs the static libraries, the headers and a package for find_package(libmpi).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
get_property(layers GLOBAL PROPERTY LIBMPI_LAYER_TARGETS)
install(TARGETS ${layers} libmpi_all EXPORT libmpiTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY libmpi DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h"
  REGEX "libmpi/registry/.*[.]h$" EXCLUDE)  # the registry is one header
install(FILES libmpi/registry/registry.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/libmpi/registry)
install(EXPORT libmpiTargets NAMESPACE libmpi:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/libmpi)
configure_package_config_file(cmake/libmpiConfig.cmake.in ${PROJECT_BINARY_DIR}/libmpiConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/libmpi)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/libmpiConfigVersion.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/libmpiConfig.cmake ${PROJECT_BINARY_DIR}/libmpiConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/libmpi)
if(LIBMPI_BUILD_TOOLS)
  install(TARGETS nayose RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
