# Installs the build TREE into DIRECTORY/prefix, then configures, builds and
# runs the program in SOURCE. DIRECTORY/cache.cmake says with which tools.
# Compiles the installed headers, each alone, and builds the program once more
# with nothing but pkg-config, where that is installed.

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    string(JOIN " " command ${ARGV})
    message(FATAL_ERROR "ended with ${status}: ${command}")
  endif()
endfunction()

set(build "${DIRECTORY}/build")
file(REMOVE_RECURSE "${DIRECTORY}/prefix" "${build}" "${build}-clang")
run("${CMAKE_COMMAND}" --install "${TREE}" --config "${CONFIG}"
  --prefix "${DIRECTORY}/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${build}" -G "${GENERATOR}"
  -C "${DIRECTORY}/cache.cmake" "-DCMAKE_BUILD_TYPE=${CONFIG}")
run("${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}")
run("${CMAKE_COMMAND}" --build "${build}" --config "${CONFIG}" --parallel 2
  --target headers)

# The public headers with the other compiler, too.
find_program(clang clang++)
if(clang)
  run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${build}-clang" -G "${GENERATOR}"
    -C "${DIRECTORY}/cache.cmake" "-DCMAKE_BUILD_TYPE=${CONFIG}"
    "-DCMAKE_CXX_COMPILER=${clang}" -DCMAKE_CXX_FLAGS=)
  run("${CMAKE_COMMAND}" --build "${build}-clang" --config "${CONFIG}"
    --parallel 2 --target headers)
endif()

find_program(pkg_config pkg-config)
if(pkg_config)
  file(GLOB_RECURSE description "${DIRECTORY}/prefix/*/onewriter.pc")
  execute_process(COMMAND "${pkg_config}" --cflags --libs "${description}"
    OUTPUT_VARIABLE flags RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "pkg-config does not understand ${description}")
  endif()
  separate_arguments(flags)
  load_cache("${build}" READ_WITH_PREFIX "" CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS)
  separate_arguments(CMAKE_CXX_FLAGS)
  run("${CMAKE_CXX_COMPILER}" -std=c++17 ${CMAKE_CXX_FLAGS} "${SOURCE}/main.cpp"
    ${flags} -o "${DIRECTORY}/with-pkg-config")
endif()

# Generators of several configurations add a directory for each.
find_program(program outside PATHS "${build}" "${build}/${CONFIG}" REQUIRED
  NO_DEFAULT_PATH)
set(PROGRAM "${program}")
set(DIRECTORY "${DIRECTORY}/run")
include("${CMAKE_CURRENT_LIST_DIR}/run_in_empty_directory.cmake")
