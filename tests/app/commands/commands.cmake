# Registers the tests `commands` and `command_arguments`: the commands that work
# on a file as people run them.

set(run_commands "${CMAKE_CURRENT_LIST_DIR}/run_commands.cmake")
add_test(NAME commands
  COMMAND "${CMAKE_COMMAND}"
    "-DPROGRAM=$<TARGET_FILE:onewriter_node>"
    "-DDIRECTORY=${CMAKE_CURRENT_BINARY_DIR}/commands"
    -P "${run_commands}")
set_tests_properties(commands PROPERTIES TIMEOUT 120)

add_argument_test("the commands" 0 "dead-letters" --help)
add_argument_test("help of exec" 0 "Usage: onewriter exec [OPTIONS] FILE SQL"
  exec --help)
add_argument_test("help of a command as a command" 0
  "Usage: onewriter restore [OPTIONS] BACKUP FILE" help restore)
add_argument_test("a list of all options for a query" 0 "onewriter.synchronous"
  query file.db "SELECT 1" --long-help)
add_argument_test("a list of all options without a file" 0
  "onewriter.synchronous" exec --long-help)
add_argument_test("values of options without a file" 0 "synchronous"
  restore --onewriter.synchronous=normal --dump-config)
add_argument_test("help of an unknown command" 2 "unknown command 'nonsense'"
  help nonsense)
add_argument_test("no statement" 2 "SQL is required" exec file.db)
add_argument_test("a word too many" 2 "unexpected argument 'b'" check a b)
add_argument_test("an unknown option of a command" 2 "unknown option --loud"
  status a --loud)
add_argument_test("a file that is not there" 1 "no/such.db does not exist"
  query /no/such.db "SELECT 1")
