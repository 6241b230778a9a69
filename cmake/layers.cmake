# One library a folder of libmpi/. A layer sees only the layers it names, which
# stand above it in the way of a record (README, "Layout"); a test checks the
# includes against this list.
function(libmpi_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LAYERS;PUBLIC;PRIVATE" ${ARGN})
  add_library(libmpi_${name} STATIC ${ARG_SOURCES})
  target_compile_features(libmpi_${name} PUBLIC cxx_std_20)
  # The same numbers on every processor: where there is an instruction for a * b + c, compilers would round it once.
  target_compile_options(libmpi_${name} PRIVATE -ffp-contract=off)
  # Position-independent for the shared C library, which exports its own functions only: nothing here is replaced at
  # load time, so calls within a file may be inlined.
  target_compile_options(libmpi_${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
  set_target_properties(libmpi_${name} PROPERTIES
    POSITION_INDEPENDENT_CODE ON OUTPUT_NAME nayose_${name} EXPORT_NAME ${name})
  target_include_directories(libmpi_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include>)
  foreach(layer IN LISTS ARG_LAYERS)
    target_link_libraries(libmpi_${name} PUBLIC libmpi_${layer})
  endforeach()
  target_link_libraries(libmpi_${name} PUBLIC ${ARG_PUBLIC}
    PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:libmpi_warnings>)
  set_property(GLOBAL APPEND PROPERTY LIBMPI_LAYER_TARGETS libmpi_${name})
endfunction()
