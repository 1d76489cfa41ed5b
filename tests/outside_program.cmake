# Registers the test `outside_program`: outside/ is built and run with nothing
# of onewriter but what this build installs.

set(directory "${CMAKE_CURRENT_BINARY_DIR}/outside")
set(outside_prefix "${directory}/prefix")

# The outside program is built with the tools of this build, which finds what it
# found here. Lists do not survive a command line, hence the file.
set(outside_cache "")
macro(hand_over name value)
  string(APPEND outside_cache
    "set(${name} [==[${value}]==] CACHE STRING \"\")\n")
endmacro()
foreach(name
    CMAKE_CXX_COMPILER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_MAKE_PROGRAM
    CMAKE_TOOLCHAIN_FILE CAF_DIR OnewriterCAF_INCLUDE_DIR OnewriterCAF_LIBRARY
    SQLite3_INCLUDE_DIR SQLite3_LIBRARY)
  if(${name})
    hand_over(${name} "${${name}}")
  endif()
endforeach()
hand_over(CMAKE_PREFIX_PATH "${outside_prefix};${CMAKE_PREFIX_PATH}")
set(flags "${CMAKE_CXX_FLAGS}")
if(ONEWRITER_SANITIZERS)
  string(APPEND flags
    " -fsanitize=${ONEWRITER_SANITIZERS} -fno-sanitize-recover=all")
endif()
hand_over(CMAKE_CXX_FLAGS "${flags}")
file(WRITE "${directory}/cache.cmake" "${outside_cache}")

add_test(NAME outside_program
  COMMAND "${CMAKE_COMMAND}"
    "-DTREE=${PROJECT_BINARY_DIR}"
    "-DSOURCE=${CMAKE_CURRENT_LIST_DIR}/outside"
    "-DDIRECTORY=${directory}"
    "-DGENERATOR=${CMAKE_GENERATOR}"
    "-DCONFIG=$<CONFIG>"
    -P "${CMAKE_CURRENT_LIST_DIR}/run_outside_program.cmake")
set_tests_properties(outside_program PROPERTIES TIMEOUT 300 COST 60)
