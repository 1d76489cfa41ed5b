#pragma once

#include "app/commands/interruption.hpp"
#include "app/core/node_config.hpp"
#include "app/core/run_failure.hpp"
#include "onewriter/failure.hpp"

#include <functional>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace onewriter::node {

/// What a command has besides its arguments.
struct command_context {
  node_config& cfg;
  caf::actor_system& sys;
  std::ostream& out;
  /// Errors, and what is not the result.
  std::ostream& err;
  /// Whether `out` is a terminal.
  bool is_terminal = false;
  interruption& stop;
};

/// Runs a command and returns the exit status. Throws a `run_failure`.
using command_function = std::function<int(command_context&)>;

/// A command of the program that works on a file.
struct file_command {
  const char* name;
  /// One sentence for the list of commands.
  const char* summary;
  /// Adds the arguments to `to`, and returns what runs them once the command
  /// line has been parsed. Keeps no reference to `to`.
  command_function (*add)(CLI::App& to);
  /// Whether its FILE may be a database of another machine.
  bool takes_address = true;
};

// -- the commands ----------------------------------------------------------------

extern const file_command exec_command;
extern const file_command query_command;
extern const file_command shell_command;
extern const file_command import_command;
extern const file_command index_command;
extern const file_command search_command;
extern const file_command checkpoint_command;
extern const file_command check_command;
extern const file_command backup_command;
extern const file_command restore_command;
extern const file_command dead_letters_command;
extern const file_command status_command;
extern const file_command top_command;
extern const file_command alerts_command;

/// All of them, in the order of the help.
[[nodiscard]] std::vector<const file_command*> file_commands();

// -- running ---------------------------------------------------------------------

/// Sets defaults that suit a command, before the configuration is read: what a
/// person runs by hand may take its time, and Ctrl-C ends it.
void set_command_defaults(options& what);

/// Runs a command on the standard streams, until it ends or the user stops it.
/// No other thread may run yet. Returns the exit status.
[[nodiscard]] int run_command(node_config& cfg, const command_function& run);

/// The part of it that knows neither streams nor signals.
[[nodiscard]] int run_guarded(command_context& ctx,
                              const command_function& run);

// -- for commands ----------------------------------------------------------------

/// Throws `err` as a `run_failure`.
[[noreturn]] void fail_with(const caf::error& err);

/// Throws `err` as a `run_failure`, unless there is none.
void must(const caf::error& err);

/// Returns what `x` holds. Throws its error as a `run_failure`.
template <class T>
T must(caf::expected<T> x) {
  if (!x)
    fail_with(x.error());
  return std::move(*x);
}

/// Prints `text` at once. Returns false where that is not possible: nothing
/// that is printed later can be seen.
bool print(command_context& ctx, std::string_view text);

} // namespace onewriter::node
