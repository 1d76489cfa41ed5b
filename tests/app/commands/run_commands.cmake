# Runs the commands of PROGRAM on files in DIRECTORY, which is emptied first.

file(REMOVE_RECURSE "${DIRECTORY}")
file(MAKE_DIRECTORY "${DIRECTORY}")
set(db "${DIRECTORY}/shop.db")
set(endless
  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
SELECT i FROM n")

# Runs ARGN; fails unless it ends with `wanted` and prints exactly `text`, or
# something that matches it where it begins with `^`.
function(expect wanted text)
  execute_process(COMMAND ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE errors)
  string(REPLACE "\r\n" "\n" output "${output}")
  if(text MATCHES "^\\^")
    if(output MATCHES "${text}")
      set(output "${text}")
    endif()
  endif()
  if(NOT status EQUAL wanted OR NOT output STREQUAL text)
    message(FATAL_ERROR "${ARGN}: expected ${wanted} and:\n${text}\ngot "
      "${status} and:\n${output}\nerrors:\n${errors}")
  endif()
  set(errors "${errors}" PARENT_SCOPE)
endfunction()

function(expect_error part)
  string(FIND "${errors}" "${part}" position)
  if(position LESS 0)
    message(FATAL_ERROR "expected the error ${part}, got:\n${errors}")
  endif()
endfunction()

# -- writes and queries --------------------------------------------------------

expect(0 "^0 rows changed, commit [0-9]+\n$"
  "${PROGRAM}" exec --create "${db}" "CREATE TABLE item(name, price)")
expect(0 "^2 rows changed, last rowid 2, commit [0-9]+\n$"
  "${PROGRAM}" exec "${db}" "INSERT INTO item VALUES(?, ?), ('milk', 99)"
  tea -- -450)
expect(0 "name,price\ntea,-450\nmilk,99\n"
  "${PROGRAM}" query "${db}" "SELECT * FROM item")
expect(0 "tea   -450\nmilk    99\n"
  "${PROGRAM}" query "${db}" "SELECT * FROM item" --format=table --no-header)
expect(1 "" "${PROGRAM}" exec "${db}" "INSERT INTO nothing VALUES(1)")
expect_error("invalid_sql")

# -- readers that go away, and output that cannot be written -------------------

expect(0 "i\n1\n" sh -c
  "( \"$0\" query \"$1\" \"$2\" || echo failed >&2 ) | head -n 2"
  "${PROGRAM}" "${db}" "${endless}")
if(NOT errors STREQUAL "")
  message(FATAL_ERROR "a closed pipe is no error, but:\n${errors}")
endif()
expect(1 "" sh -c "\"$0\" query \"$1\" \"SELECT 1\" >/dev/full"
  "${PROGRAM}" "${db}")
expect_error("cannot write to standard output")

# -- stopped ---------------------------------------------------------------------

# The query is known to run once a row has come.
expect(130 "" sh -c
  "mkfifo \"$2/rows\" && { \"$0\" query \"$1\" \"$3\" >\"$2/rows\" & } \
&& exec 4<\"$2/rows\" && read -r row <&4 && kill -TERM $! \
&& cat <&4 >\"$2/rest\"\nwait $!"
  "${PROGRAM}" "${db}" "${DIRECTORY}" "${endless}")
expect_error("interrupted")
if(EXISTS "${db}-wal" OR EXISTS "${db}-owner")
  message(FATAL_ERROR "a query that was stopped did not close the file")
endif()
file(REMOVE "${DIRECTORY}/rest")

# -- owned by another process --------------------------------------------------

find_program(FLOCK flock)
if(FLOCK)
  expect(3 "" "${FLOCK}" "${db}-owner"
    "${PROGRAM}" query "${db}" "SELECT 1" --onewriter.lock-patience=10ms)
  expect_error("is owned by another process")
  file(REMOVE "${db}-owner")
endif()

# -- backup and restore ----------------------------------------------------------

set(copy "${DIRECTORY}/copy.db")
expect(0 "^." "${PROGRAM}" backup "${db}" "${copy}")
expect(0 "^." "${PROGRAM}" exec "${db}" "DELETE FROM item")
expect(1 "" "${PROGRAM}" restore "${copy}" "${db}")
expect_error("target_exists")
expect(0 "^." "${PROGRAM}" restore "${copy}" "${db}" --force)
expect(0 "count(*)\n2\n" "${PROGRAM}" query "${db}" "SELECT count(*) FROM item")
expect(0 "count(*)\n0\n" "${PROGRAM}" query "${db}.before-restore-1"
  "SELECT count(*) FROM item")

# -- the others --------------------------------------------------------------------

expect(0 "no problem found\n" "${PROGRAM}" check "${db}")
expect(0 "^." "${PROGRAM}" checkpoint "${db}" --truncate)
expect(0 "no dead letters\n" "${PROGRAM}" dead-letters "${db}" list)
expect(0 "^." "${PROGRAM}" status "${db}")

# -- rows and statements from files ----------------------------------------------

file(WRITE "${DIRECTORY}/more.csv" "name,price\nsalt,5\npepper,hot\n")
expect(1 "^1 row into item" "${PROGRAM}" import "${db}" item
  "${DIRECTORY}/more.csv" --types=price:integer)
expect_error("line 3: price: 'hot' is not an integer")
expect(0 "name\nsalt\n" sh -c "printf '%s\n' \"$2\" | \"$0\" shell \"$1\""
  "${PROGRAM}" "${db}" "SELECT name FROM item WHERE price = 5\;")
expect(1 "" sh -c "printf '%s\n' \"$2\" | \"$0\" shell \"$1\""
  "${PROGRAM}" "${db}" "SELECT * FROM nowhere\; SELECT 1\;")
expect_error("line 1: invalid_sql")
expect(0 "^.*latency in ms" "${PROGRAM}" top "${db}" --once)
