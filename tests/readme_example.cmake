# Builds and runs the first C++ example of README.md, so that what a newcomer
# copies from there compiles.

set(readme "${PROJECT_SOURCE_DIR}/README.md")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${readme}")
set(text "")
if(EXISTS "${readme}")
  file(READ "${readme}" text)
endif()
set(fence "\n```cpp\n")
string(FIND "${text}" "${fence}" start)
if(start EQUAL -1)
  message(WARNING "README.md has no example that begins with ```cpp")
  add_test(NAME readme_example COMMAND "${CMAKE_COMMAND}" -E false)
  return()
endif()
string(LENGTH "${fence}" length)
math(EXPR start "${start} + ${length}")
string(SUBSTRING "${text}" 0 ${start} before)
string(SUBSTRING "${text}" ${start} -1 example)
string(FIND "${example}" "\n```" length)
string(SUBSTRING "${example}" 0 ${length} example)

# Compilers report errors where the example stands.
string(REGEX REPLACE "[^\n]" "" before "${before}")
string(LENGTH "${before}" line)
math(EXPR line "${line} + 1")
set(source "${CMAKE_CURRENT_BINARY_DIR}/readme_example.cpp")
configure_file(readme_example.cpp.in "${source}" @ONLY)

add_executable(readme_example "${source}")
target_link_libraries(readme_example PRIVATE onewriter::onewriter)
add_test(NAME readme_example
  COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:readme_example>"
    "-DDIRECTORY=${CMAKE_CURRENT_BINARY_DIR}/readme_example.run"
    -P "${CMAKE_CURRENT_LIST_DIR}/run_in_empty_directory.cmake")
set_tests_properties(readme_example PROPERTIES TIMEOUT 120)
