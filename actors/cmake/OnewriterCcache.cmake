# Compiles through ccache where it is installed and can write its cache. Another
# launcher, or an empty one, is left alone: -DCMAKE_CXX_COMPILER_LAUNCHER=.

if(DEFINED CMAKE_CXX_COMPILER_LAUNCHER OR NOT ONEWRITER_IS_TOP_LEVEL)
  return()
endif()

find_program(ONEWRITER_CCACHE ccache)
mark_as_advanced(ONEWRITER_CCACHE)
if(NOT ONEWRITER_CCACHE)
  return()
endif()

# A user without a home directory has ccache, but nowhere to keep the cache.
set(probe "${PROJECT_BINARY_DIR}/CMakeFiles/ccache_probe")
file(WRITE "${probe}.cpp" "int main() {}\n")
execute_process(
  COMMAND "${ONEWRITER_CCACHE}" "${CMAKE_CXX_COMPILER}" -c "${probe}.cpp" -o
    "${probe}.o"
  RESULT_VARIABLE status
  OUTPUT_QUIET ERROR_QUIET)
if(NOT status EQUAL 0)
  return()
endif()

# Sources that use a precompiled header are cached under these terms only
# (https://ccache.dev/manual/4.7.html#_precompiled_headers).
set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
  "CCACHE_SLOPPINESS=pch_defines,time_macros" "${ONEWRITER_CCACHE}")
if(ONEWRITER_PRECOMPILE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()
message(STATUS "Compiling through ${ONEWRITER_CCACHE}")
