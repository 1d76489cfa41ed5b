# Registers the tests `unit file`, `hardening of the unit` and `serve_arguments`:
# the service as systemd and people start it.

add_argument_test("help of serve" 0 "Usage: onewriter serve [OPTIONS] FILE..."
  serve --help)
add_argument_test("no database to serve" 2 "FILE is required" serve)
add_argument_test("a bad format of the log" 2
  "serve.log-format must be text or json" serve a.db --log-format=xml)
add_argument_test("listening without TLS" 2
  "set tls-certificate, tls-key and tls-ca-file" serve a.db --listen=127.0.0.1:0)
add_argument_test("an audit of another machine" 2
  "audit looks at files and processes of this machine"
  audit onewriter://h:1/a.db)

find_program(SYSTEMD_ANALYZE systemd-analyze)
mark_as_advanced(SYSTEMD_ANALYZE)
if(SYSTEMD_ANALYZE)
  # It looks for the program, which is not installed here.
  set(unit_folder "${CMAKE_CURRENT_BINARY_DIR}/unit")
  set(unit "${PROJECT_SOURCE_DIR}/app/serve/onewriter@.service.in")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${unit}")
  file(READ "${unit}" text)
  string(REPLACE "@CMAKE_INSTALL_FULL_BINDIR@/onewriter"
    "$<TARGET_FILE:onewriter_node>" text "${text}")
  file(GENERATE OUTPUT "${unit_folder}/onewriter@.service" CONTENT "${text}")
  add_test(NAME "unit file"
    COMMAND "${SYSTEMD_ANALYZE}" verify --man=no
      "${unit_folder}/onewriter@shop.service")
  set_tests_properties("unit file" PROPERTIES
    FAIL_REGULAR_EXPRESSION "onewriter@" TIMEOUT 60)

  # What it may do beyond its work; systemd rates that from 0 to 100.
  execute_process(COMMAND "${SYSTEMD_ANALYZE}" --version
    OUTPUT_VARIABLE systemd_version)
  string(REGEX MATCH "[0-9]+" systemd_version "${systemd_version}")
  if(systemd_version GREATER_EQUAL 250)
    add_test(NAME "hardening of the unit"
      COMMAND "${SYSTEMD_ANALYZE}" security --no-pager --offline=yes
        --threshold=20 "${unit_folder}/onewriter@.service")
    set_tests_properties("hardening of the unit" PROPERTIES TIMEOUT 60)
  endif()
endif()
