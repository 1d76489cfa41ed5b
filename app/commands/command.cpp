#include "app/commands/command.hpp"

#include "actors/console/format.hpp"
#include "actors/console/stop_signal.hpp"
#include "actors/console/terminal.hpp"

#include <chrono>
#include <iostream>

#include <unistd.h>

namespace onewriter::node {

namespace {

int status_of(const caf::error& err) {
  switch (code_of(err)) {
    case ec::busy:
      return exit_status::busy;
    case ec::invalid_argument:
      return exit_status::bad_arguments;
    default:
      return exit_status::failure;
  }
}

[[noreturn]] void leave_at_once() {
  restore_terminal();
  ::_exit(exit_status::interrupted);
}

} // namespace

std::vector<const file_command*> file_commands() {
  return {
    &exec_command,    &query_command,        &shell_command,  &import_command,
    &index_command,   &search_command,       &status_command, &top_command,
    &alerts_command,  &checkpoint_command,   &check_command,  &backup_command,
    &restore_command, &dead_letters_command,
  };
}

void set_command_defaults(options& what) {
  constexpr auto day = std::chrono::hours{24};
  // Each is a connection and a thread.
  what.readers = 1;
  what.query_deadline = day;
  what.write_run_limit = day;
  what.cursor_idle_limit = day;
  what.cursor_limit = day;
  // Another command that owns the file ends within that time; a server does
  // not.
  what.lock_patience = std::chrono::seconds{5};
}

int run_command(node_config& cfg, const command_function& run) {
  interruption stop;
  stop_signal signals{{[&stop] {
                         std::cerr << "onewriter: stopping; Ctrl-C again exits "
                                      "at once\n";
                         stop.request();
                       },
                       leave_at_once, suspend_terminal,
                       [&stop](int signal) {
                         return stop.is_intercepted(signal);
                       }}};
  caf::actor_system sys{cfg};
  command_context ctx{
    cfg, sys, std::cout, std::cerr, ::isatty(STDOUT_FILENO) == 1, stop};
  return run_guarded(ctx, run);
}

int run_guarded(command_context& ctx, const command_function& run) {
  try {
    return run(ctx);
  } catch (const run_failure& err) {
    auto stopped = ctx.stop.requested();
    ctx.err << "onewriter: " << (stopped ? "interrupted: " : "")
            << printable(err.text) << '\n';
    return stopped ? exit_status::interrupted : err.status;
  }
}

void fail_with(const caf::error& err) {
  throw run_failure{status_of(err), describe(err)};
}

void must(const caf::error& err) {
  if (err != caf::none)
    fail_with(err);
}

bool print(command_context& ctx, std::string_view text) {
  return static_cast<bool>(ctx.out << text << std::flush);
}

} // namespace onewriter::node
