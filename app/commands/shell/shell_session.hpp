#pragma once

#include "app/commands/command.hpp"
#include "app/commands/row_output.hpp"
#include "app/commands/shell/shell_signals.hpp"
#include "onewriter/client.hpp"

#include <string>

namespace onewriter::node {

/// Runs what is typed into a shell. Used in one thread.
class shell_session {
public:
  /// `is_interactive` where a person types: what writes have changed is printed
  /// then.
  shell_session(command_context& ctx, client& db, shell_signals& signals,
                row_options rows, bool is_interactive);

  /// Runs one statement: as a query or, where it would change the database, as
  /// a write, and prints its rows. Returns its error, which is not printed.
  [[nodiscard]] caf::error run_sql(const std::string& sql);

  /// Runs a command that begins with a dot, without its line end. Errors:
  /// `ec::invalid_argument` for what is no command, and those of its query.
  [[nodiscard]] caf::error run_command(const std::string& line);

  /// Whether `.quit` was run.
  bool wants_to_end() const {
    return wants_to_end_;
  }

private:
  caf::error query_rows(const std::string& sql);

  caf::error print_pages(const cursor_actor& cursor);

  caf::error write_rows(const std::string& sql);

  /// Prints the first column of what `sql` finds for the name `like`.
  caf::error print_names(const std::string& sql, const std::string& like);

  caf::error set_mode(const std::string& word);

  command_context& ctx_;
  client& db_;
  shell_signals& signals_;
  row_options rows_;
  bool is_interactive_;
  bool has_timer_ = false;
  bool wants_to_end_ = false;
};

} // namespace onewriter::node
