# What Debian asks of files, done in the folders that CPack packs: no debug information in archives, no comments of the
# compiler; manual pages, changelogs and long texts are compressed.
set(staged "${CPACK_TEMPORARY_DIRECTORY}")
file(GLOB_RECURSE archives "${staged}/*.a")
file(GLOB_RECURSE programs "${staged}/libnayose.so.*.*" "${staged}/nayose")
foreach(file IN LISTS archives programs)
  execute_process(COMMAND ${CPACK_NAYOSE_STRIP} --strip-debug --remove-section=.comment "${file}"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
file(GLOB_RECURSE texts
  "${staged}/nayose.1" "${staged}/nayose.3" "${staged}/changelog.Debian" "${staged}/*licences.txt")
foreach(text IN LISTS texts)
  execute_process(COMMAND gzip -9n "${text}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
