# Runs BASH with the script that PROGRAM prints, and compares what is completed.

set(script "${DIRECTORY}/completion.bash")
file(REMOVE_RECURSE "${DIRECTORY}")
file(MAKE_DIRECTORY "${DIRECTORY}/folder")
file(WRITE "${DIRECTORY}/a file.db" "")
execute_process(COMMAND "${PROGRAM}" completion bash
  OUTPUT_FILE "${script}" RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "completion bash: ${status}")
endif()

# Completes the last of the words ARGN, which bash has split, and fails unless
# the results are exactly `wanted`.
function(expect wanted)
  string(REPLACE ";" "' '" words "${ARGN}")
  file(WRITE "${DIRECTORY}/run.bash" "source '${script}'
COMP_WORDS=(onewriter '${words}')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_onewriter
(IFS='|'; printf '%s' \"\${COMPREPLY[*]}\")
")
  execute_process(COMMAND "${BASH}" --norc "${DIRECTORY}/run.bash"
    WORKING_DIRECTORY "${DIRECTORY}"
    OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE status)
  if(NOT status EQUAL 0 OR NOT output STREQUAL wanted OR NOT errors STREQUAL "")
    message(FATAL_ERROR "onewriter ${ARGN}: expected\n${wanted}\ngot\n${output}\n"
      "${errors}")
  endif()
endfunction()

expect("exec" "exe")
expect("restore" "res")
expect("demo|dead-letters" help "de")
expect("bash" completion "b")
expect("--priority" exec "--pri")
expect("--rejects" import x.db t "--rej")
expect("--version" "--ver")
expect("normal" exec x.db --priority "nor")
expect("normal" exec x.db --priority "=" "nor")
expect("table|csv|jsonl" query --format "=")
expect("list" dead-letters x.db "li")
expect("list" dead-letters --config-file conf x.db "li")
expect("list" dead-letters --config-file = conf x.db "li")
expect("a file.db" query "a f")
expect("folder" query "fol")
expect("a file.db" restore --config-file "a")
expect("" exec x.db --key "a")
expect("" nothing --a "--x")
