# Runs PROGRAM in DIRECTORY, which is emptied first: what an earlier run left
# behind must not help, nor be in the way.

file(REMOVE_RECURSE "${DIRECTORY}")
file(MAKE_DIRECTORY "${DIRECTORY}")
execute_process(COMMAND "${PROGRAM}"
  WORKING_DIRECTORY "${DIRECTORY}"
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${status}")
endif()
