# One archive that holds the objects of a shared library of ours and all that they need but what every system has
# (libstdc++, libc): a program linked with it can be shipped without Debian's Abseil, RocksDB, ICU or OpenSSL.
#   libmpi_bundled_archive(target shared_library)
# `target` builds lib<name>.a and lib<name>.licences.txt, the licences of what is inside, in the current build folder.
function(libmpi_bundled_archive target library)
  get_target_property(name ${library} OUTPUT_NAME)
  set(archives "")
  get_property(layers GLOBAL PROPERTY LIBMPI_LAYER_TARGETS)
  foreach(layer IN LISTS layers)  # those that the library does not need add nothing
    get_target_property(type ${layer} TYPE)
    if(type STREQUAL STATIC_LIBRARY)
      list(APPEND archives $<TARGET_FILE:${layer}>)
    endif()
  endforeach()
  # RocksDB's compressors are snappy, lz4, bz2, z and zstd; its gflags is for its tools alone.
  foreach(part absl_status rocksdb snappy lz4 bz2 z zstd icui18n icuuc icudata crypto pugixml)
    find_library(LIBMPI_STATIC_${part} lib${part}.a REQUIRED)
    mark_as_advanced(LIBMPI_STATIC_${part})
    list(APPEND archives ${LIBMPI_STATIC_${part}})
  endforeach()
  # Abseil is some sixty archives; those that nothing needs add nothing.
  get_filename_component(folder ${LIBMPI_STATIC_absl_status} DIRECTORY)
  file(GLOB abseil ${folder}/libabsl_*.a)
  list(APPEND archives ${abseil})
  list(REMOVE_DUPLICATES archives)

  set(archive "${CMAKE_CURRENT_BINARY_DIR}/lib${name}.a")
  set(licences "${CMAKE_CURRENT_BINARY_DIR}/lib${name}.licences.txt")
  add_custom_command(OUTPUT ${archive} ${licences}
    COMMAND ${CMAKE_COMMAND} -E env CXX=${CMAKE_CXX_COMPILER} NM=${CMAKE_NM} OBJCOPY=${CMAKE_OBJCOPY} AR=${CMAKE_AR}
      ${PROJECT_SOURCE_DIR}/packaging/bundle ${archive} ${licences} $<TARGET_OBJECTS:${library}> -- ${archives}
    DEPENDS ${library} ${archives} ${PROJECT_SOURCE_DIR}/packaging/bundle
    COMMENT "Bundling lib${name}.a" COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${target} ALL DEPENDS ${archive} ${licences})
  set_target_properties(${target} PROPERTIES ARCHIVE ${archive} LICENCES ${licences})
endfunction()
