#pragma once

#include "app/commands/command.hpp"
#include "app/commands/row_output.hpp"
#include "onewriter/client.hpp"

namespace onewriter::node {

/// Where a shell reads what it runs.
struct shell_input {
  int descriptor = 0;
  /// Whether it is a terminal, with a person.
  bool is_interactive = false;
};

/// Runs statements and commands from `input` until it ends. In an interactive
/// shell an error is printed and no more; elsewhere it ends the shell. Returns
/// the exit status.
[[nodiscard]] int run_shell(command_context& ctx, client& db,
                            const shell_input& input, const row_options& rows);

} // namespace onewriter::node
