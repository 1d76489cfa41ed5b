#include "app/commands/arguments/options.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/shell/run_shell.hpp"

#include <memory>
#include <string>

#include <unistd.h>

namespace onewriter::node {

namespace {

constexpr const char* shell_help
  = R"(Runs statements as they are typed, each when its semicolon has come, and prints
rows as `onewriter query` does. A statement that only reads is a query, all
others are writes; each is a transaction of its own. .help lists commands that
begin with a dot. Lines can be edited where the program was built with libedit;
they are kept in $XDG_STATE_HOME/onewriter/history (~/.local/state by default),
which only its user can read.

Where standard input is no terminal, statements are read from there, and the
first that fails ends the shell, with status 1.

At a terminal Ctrl-C gives up the line that is being typed, or the statement
that runs; a query that SQLite is busy with goes on until its page is done or
its deadline has passed, and a write may still be committed.)";

struct shell_options {
  std::string file;
  bool create = false;
  row_options rows;
};

int run_shell_command(command_context& ctx, const shell_options& asked) {
  auto missing = asked.create ? if_missing::create : if_missing::refuse;
  auto db = must(open_file(ctx, asked.file, missing));
  shell_input input;
  input.descriptor = STDIN_FILENO;
  input.is_interactive = ::isatty(STDIN_FILENO) == 1;
  if (input.is_interactive)
    ctx.err << "onewriter shell: .help lists commands, .quit ends\n";
  return run_shell(ctx, *db, input, asked.rows);
}

command_function add_shell(CLI::App& to) {
  auto asked = std::make_shared<shell_options>();
  add_argument(to, "FILE", asked->file, "the database");
  to.add_flag("--create", asked->create, "create FILE where it does not exist");
  add_row_options(to, asked->rows, "the same as --format=jsonl");
  set_footer(to, shell_help);
  return [asked](command_context& ctx) {
    return run_shell_command(ctx, *asked);
  };
}

} // namespace

const file_command shell_command{
  "shell", "Run statements as they are typed, or from standard input.",
  add_shell};

} // namespace onewriter::node
