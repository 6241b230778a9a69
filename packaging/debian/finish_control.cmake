# What CPack can't say in a package's control part: Multi-Arch, and that the library needs no scripts, as a trigger runs
# ldconfig.
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  get_filename_component(name "${package}" NAME)
  set(work "${CPACK_TEMPORARY_DIRECTORY}/control_of_${name}")
  file(MAKE_DIRECTORY "${work}/control")
  execute_process(COMMAND ${CPACK_NAYOSE_AR} x "${package}" control.tar.gz
    WORKING_DIRECTORY "${work}" COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND tar xzf ../control.tar.gz WORKING_DIRECTORY "${work}/control" COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE "${work}/control/postinst" "${work}/control/postrm")
  set(multi_arch foreign)
  if(name MATCHES "^lib")
    set(multi_arch same)
  endif()
  file(READ "${work}/control/control" control)
  string(REGEX REPLACE "(^|\n)(Package: )" "\\1Multi-Arch: ${multi_arch}\n\\2" control "${control}")
  file(WRITE "${work}/control/control" "${control}")
  execute_process(COMMAND tar czf ../control.tar.gz --owner=root:0 --group=root:0 --mode=u=rw,go=r,a+X .
    WORKING_DIRECTORY "${work}/control" COMMAND_ERROR_IS_FATAL ANY)
  # In its old place, the second.
  execute_process(COMMAND ${CPACK_NAYOSE_AR} r "${package}" control.tar.gz
    WORKING_DIRECTORY "${work}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
