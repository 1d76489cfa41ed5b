# Installs the build TREE into DIRECTORY/prefix, then configures, builds and
# runs the program in SOURCE. DIRECTORY/cache.cmake says with which tools.

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    string(JOIN " " command ${ARGV})
    message(FATAL_ERROR "ended with ${status}: ${command}")
  endif()
endfunction()

set(build "${DIRECTORY}/build")
file(REMOVE_RECURSE "${DIRECTORY}/prefix" "${build}")
run("${CMAKE_COMMAND}" --install "${TREE}" --config "${CONFIG}"
  --prefix "${DIRECTORY}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${build}" -G "${GENERATOR}"
  -C "${DIRECTORY}/cache.cmake" "-DCMAKE_BUILD_TYPE=${CONFIG}")
run("${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}")

# Generators of several configurations add a directory for each.
find_program(program outside PATHS "${build}" "${build}/${CONFIG}" REQUIRED
  NO_DEFAULT_PATH)
set(PROGRAM "${program}")
set(DIRECTORY "${DIRECTORY}/run")
include("${CMAKE_CURRENT_LIST_DIR}/run_in_empty_directory.cmake")
