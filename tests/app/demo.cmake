# Registers the tests `demo` and `demo_arguments`: the node as people run it.

set(run_demo "${CMAKE_CURRENT_LIST_DIR}/run_demo.cmake")
add_test(NAME demo
  COMMAND "${CMAKE_COMMAND}"
    "-DPROGRAM=$<TARGET_FILE:onewriter_node>"
    "-DDIRECTORY=${CMAKE_CURRENT_BINARY_DIR}/demo"
    -P "${run_demo}")
set_tests_properties(demo PROPERTIES TIMEOUT 180 COST 15)

function(add_argument_test name status output)
  add_test(NAME "demo_arguments: ${name}"
    COMMAND "${CMAKE_COMMAND}"
      "-DPROGRAM=$<TARGET_FILE:onewriter_node>"
      "-DARGUMENTS=${ARGN}"
      "-DSTATUS=${status}"
      "-DOUTPUT=${output}"
      -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/run_arguments.cmake")
  set_tests_properties("demo_arguments: ${name}" PROPERTIES TIMEOUT 60)
endfunction()

add_argument_test("none" 2 "a command is missing")
add_argument_test("help" 0 "Usage: onewriter [OPTIONS] [COMMAND]" --help)
add_argument_test("help of the demo" 0 "Usage: onewriter demo [OPTIONS] [PATH]"
  demo --help)
add_argument_test("help as a command" 0 "Usage: onewriter demo" help demo)
add_argument_test("version" 0 "onewriter ${PROJECT_VERSION}" --version)
add_argument_test("an unknown option" 2 "unknown option --loud" demo --loud)
add_argument_test("a bad number" 2 "--peers: must be a whole number"
  demo --peers x)
add_argument_test("an unknown command" 2 "unknown command 'dance'" dance)
add_argument_test("a list of all options" 0 "onewriter.synchronous"
  demo --long-help)
add_argument_test("a tree that is not there" 2 "PATH /no/such/tree"
  demo /no/such/tree)
add_argument_test("a folder that is not there" 2 "the folder of --db"
  demo --db /no/such/folder/a.db)
add_argument_test("a bad option of the database" 2
  "onewriter.synchronous: must be" demo --onewriter.synchronous=often)
add_argument_test("an unknown option of the database" 2 "onewriter.nonsense"
  demo --onewriter.nonsense=1)
