# Builds and runs the C++ examples of README.md that are programs, so that what
# a newcomer copies from there compiles.

set(readme "${PROJECT_SOURCE_DIR}/README.md")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${readme}")
set(readme_text "")
if(EXISTS "${readme}")
  file(READ "${readme}" readme_text)
endif()

# Adds the test `name`: the first example under `heading`.
function(add_readme_example name heading)
  set(fence "\n```cpp\n")
  string(FIND "${readme_text}" "\n${heading}\n" section)
  set(start -1)
  if(NOT section EQUAL -1)
    string(SUBSTRING "${readme_text}" ${section} -1 rest)
    string(FIND "${rest}" "${fence}" start)
  endif()
  if(start EQUAL -1)
    message(WARNING
      "README.md has no example that begins with ```cpp under ${heading}")
    add_test(NAME ${name} COMMAND "${CMAKE_COMMAND}" -E false)
    return()
  endif()
  string(LENGTH "${fence}" length)
  math(EXPR start "${section} + ${start} + ${length}")
  string(SUBSTRING "${readme_text}" 0 ${start} before)
  string(SUBSTRING "${readme_text}" ${start} -1 example)
  string(FIND "${example}" "\n```" length)
  string(SUBSTRING "${example}" 0 ${length} example)

  # Compilers report errors where the example stands.
  string(REGEX REPLACE "[^\n]" "" before "${before}")
  string(LENGTH "${before}" line)
  math(EXPR line "${line} + 1")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  configure_file(readme_example.cpp.in "${source}" @ONLY)

  add_executable(${name} "${source}")
  target_link_libraries(${name} PRIVATE onewriter::onewriter)
  add_test(NAME ${name}
    COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:${name}>"
      "-DDIRECTORY=${CMAKE_CURRENT_BINARY_DIR}/${name}.run"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/run_in_empty_directory.cmake")
  set_tests_properties(${name} PROPERTIES TIMEOUT 120)
endfunction()

add_readme_example(readme_example "## Embed it")
add_readme_example(readme_actor_example "## Messages")
