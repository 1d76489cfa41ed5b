# Runs the demo of PROGRAM on a small tree below DIRECTORY, which is emptied
# first: with failures, again on the same file, and stopped by a signal.

file(REMOVE_RECURSE "${DIRECTORY}")
set(tree "${DIRECTORY}/tree")

# -- a tree --------------------------------------------------------------------

set(words alpha bravo charlie delta echoes foxtrot hotels india juliet kilos)
set(paragraph "")
foreach(round RANGE 1 20)
  foreach(word IN LISTS words)
    string(APPEND paragraph "${word} ${round}${word} some ordinary words\n")
  endforeach()
endforeach()
foreach(number RANGE 1 60)
  math(EXPR folder "${number} % 7")
  file(WRITE "${tree}/${folder}/text ${number}.txt"
    "This is text number ${number}.\n${paragraph}")
endforeach()
set(long "")
foreach(round RANGE 1 30)
  string(APPEND long "${paragraph}")
endforeach()
file(WRITE "${tree}/long.txt" "${long}")
file(WRITE "${tree}/same.txt" "${long}")
file(WRITE "${tree}/empty" "")
string(ASCII 255 254 128 bytes)
file(WRITE "${tree}/binary" "${bytes}")
file(WRITE "${tree}/it's \"quoted\" ünïcode.txt" "${paragraph}")

# -- helpers -------------------------------------------------------------------

function(fail text)
  message(FATAL_ERROR "${text}\n\nstatus ${status}, output:\n${output}\n"
    "errors:\n${errors}")
endfunction()

# Puts the member of the JSON object at the path ARGN into `variable`. Older
# versions of CMake do not understand JSON, and nothing is checked there.
macro(get_member variable)
  string(JSON ${variable} ERROR_VARIABLE problem GET "${output}" ${ARGN})
  if(problem)
    fail("no member ${ARGN}: ${problem}")
  endif()
endmacro()

macro(expect_at_least minimum)
  get_member(found ${ARGN})
  if(found LESS "${minimum}")
    fail("${ARGN}: expected at least ${minimum}, found ${found}")
  endif()
endmacro()

macro(expect value)
  get_member(found ${ARGN})
  if(NOT found STREQUAL "${value}")
    fail("${ARGN}: expected ${value}, found ${found}")
  endif()
endmacro()

macro(run)
  execute_process(COMMAND ${ARGN}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    fail("a demo failed")
  endif()
endmacro()

# -- with failures -------------------------------------------------------------

set(db "${DIRECTORY}/node.db")
run("${PROGRAM}" demo --json --seconds 8 --peers 16 --chaos 0.2 --db "${db}"
  "${tree}")
if(NOT CMAKE_VERSION VERSION_LESS 3.19)
  expect(ON ok)
  expect(ON store complete)
  expect(65 store files)
  expect(64 store texts)
  expect(ON index complete)
  expect(64 index texts)
  expect_at_least(5 writer restarts)
  expect_at_least(50 activities connect done)
  expect(0 activities connect failed)
  string(JSON count LENGTH "${output}" checks)
  if(count LESS 15)
    fail("expected at least 15 checks, found ${count}")
  endif()
endif()
if(NOT EXISTS "${db}" OR EXISTS "${db}-wal")
  fail("the file was not left as it should be")
endif()

# -- again on the same file ----------------------------------------------------

run("${PROGRAM}" demo --json --seconds 2 --peers 4 --db "${db}" "${tree}")
if(NOT CMAKE_VERSION VERSION_LESS 3.19)
  expect(ON ok)
  expect(0 store new_blocks)
  expect(64 index unchanged)
endif()

# -- where nothing can be written -------------------------------------------------

foreach(format "--quiet" "--json")
  execute_process(
    COMMAND sh -c "\"$0\" demo $1 --seconds 1 --peers 2 --db \"$2\" \"$3\" \
>/dev/full" "${PROGRAM}" "${format}" "${db}" "${tree}"
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE errors)
  if(NOT status EQUAL 1 OR NOT errors MATCHES "cannot write to standard output")
    fail("a demo ${format} into a full device did not end with 1")
  endif()
endforeach()

# -- stopped -------------------------------------------------------------------

run(sh -c "\"$0\" demo --json --peers 4 \"$1\" & sleep 1 && kill -TERM $! \
&& wait $!" "${PROGRAM}" "${tree}")
if(NOT CMAKE_VERSION VERSION_LESS 3.19)
  expect(ON ok)
  expect(ON run stopped)
  get_member(stopped_db run database)
  get_filename_component(folder "${stopped_db}" DIRECTORY)
  file(REMOVE_RECURSE "${folder}")
endif()
