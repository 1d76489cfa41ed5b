# Registers the tests `audit: ...`: the program's exit status and messages. They
# come after app/demo.cmake.

function(add_audit_test name status output)
  add_test(NAME "audit: ${name}"
    COMMAND "${CMAKE_COMMAND}"
      "-DPROGRAM=$<TARGET_FILE:onewriter_node>"
      "-DARGUMENTS=audit;${ARGN}"
      "-DSTATUS=${status}"
      "-DOUTPUT=${output}"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/run_arguments.cmake")
  set_tests_properties("audit: ${name}" PROPERTIES TIMEOUT 60)
endfunction()

add_audit_test("no file" 2 "audit requires FILE")
add_audit_test("a file that is not there" 2
  "onewriter: /no/such/file: No such file" /no/such/file)
add_audit_test("a folder" 2 " is a folder" "${CMAKE_CURRENT_LIST_DIR}")
add_audit_test("a file that is no database" 2 " is not a SQLite database"
  "${CMAKE_CURRENT_LIST_FILE}")
add_audit_test("an option of the database" 2
  "unexpected option --onewriter.readers=1" a.db --onewriter.readers=1)
add_audit_test("a source tree that is not there" 2
  "/no/such/tree: No such file" --source=/no/such/tree)
add_audit_test("a source tree" 0 "oracle/raw_database.cpp:"
  "--source=${PROJECT_SOURCE_DIR}/tests")
