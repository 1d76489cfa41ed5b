# Runs PROGRAM with ARGUMENTS, separated by semicolons, and expects that it ends
# with STATUS and says OUTPUT.

execute_process(COMMAND "${PROGRAM}" ${ARGUMENTS}
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)
string(FIND "${output}" "${OUTPUT}" position)
if(NOT status EQUAL STATUS OR position LESS 0)
  message(FATAL_ERROR
    "expected status ${STATUS} and '${OUTPUT}', got ${status} and:\n${output}")
endif()
