# Registers the test `completion`: what bash completes with the program's script.

find_program(BASH bash)
mark_as_advanced(BASH)
if(BASH)
  add_test(NAME completion
    COMMAND "${CMAKE_COMMAND}"
      "-DPROGRAM=$<TARGET_FILE:onewriter_node>"
      "-DBASH=${BASH}"
      "-DDIRECTORY=${CMAKE_CURRENT_BINARY_DIR}/completion"
      -P "${CMAKE_CURRENT_LIST_DIR}/run_completion.cmake")
  set_tests_properties(completion PROPERTIES TIMEOUT 60)
endif()
