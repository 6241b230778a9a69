# Runs PROGRAM with a path in a new FOLDER as its argument.
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
execute_process(COMMAND ${PROGRAM} ${FOLDER}/registry RESULT_VARIABLE code)
file(REMOVE_RECURSE ${FOLDER})
if(NOT code EQUAL 0)
  message(FATAL_ERROR "exit code ${code}")
endif()
