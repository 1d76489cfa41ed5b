#include "app/commands/shell/run_shell.hpp"

#include "actors/console/format.hpp"
#include "actors/sqlite/base/sql_text.hpp"
#include "app/commands/shell/line_reader.hpp"
#include "app/commands/shell/shell_session.hpp"

#include <memory>
#include <utility>

namespace onewriter::node {

namespace {

class shell {
public:
  shell(command_context& ctx, client& db, const shell_input& input,
        const row_options& rows)
    : ctx_{ctx},
      is_interactive_{input.is_interactive},
      signals_{ctx.stop, input.is_interactive},
      session_{ctx, db, signals_, rows, input.is_interactive},
      reader_{input.is_interactive && ctx.is_terminal
                ? make_edit_reader(history_, signals_)
                : make_plain_reader(input.descriptor, input.is_interactive,
                                    signals_)} {
    // nop
  }

  int run() {
    for (std::string line; !is_over();) {
      auto prompt = pending_.empty() ? "onewriter> " : "      ...> ";
      switch (reader_->read(prompt, line)) {
        case line_outcome::line:
          take(line);
          break;
        case line_outcome::cancelled:
          pending_.clear();
          if (is_interactive_)
            ctx_.err << "^C\n";
          break;
        case line_outcome::failed:
          has_ended_ = true;
          complain("standard input: " + line);
          break;
        default:
          end();
      }
    }
    if (signals_.is_over())
      throw run_failure{exit_status::interrupted, "the shell was stopped"};
    return has_failed_ ? exit_status::failure : exit_status::success;
  }

private:
  bool is_over() const {
    return has_ended_ || session_.wants_to_end() || signals_.is_over()
           || (has_failed_ && !is_interactive_);
  }

  void take(const std::string& line) {
    ++line_;
    if (pending_.empty()) {
      first_line_ = line_;
      if (!line.empty() && line.front() == '.')
        return report(session_.run_command(line));
    }
    pending_ += line + '\n';
    // Ctrl-C gives up the rest of a line as well.
    while (!is_over() && !signals_.is_cancelled()) {
      auto statement = sqlite::take_statement(pending_);
      if (statement.empty())
        break;
      run(statement);
      first_line_ = line_;
    }
    // A comment that goes on in the next line is blank, too.
    if (signals_.is_cancelled()
        || (sqlite::is_blank(pending_) && !sqlite::has_open_comment(pending_)))
      pending_.clear();
  }

  void run(const std::string& statement) {
    if (!sqlite::is_blank(statement))
      report(session_.run_sql(statement));
  }

  // The last statement of a file may lack its semicolon. Its end is all that
  // SQLite says about one that is incomplete, and nothing about a comment.
  void end() {
    has_ended_ = true;
    if (is_interactive_)
      ctx_.err << '\n';
    if (sqlite::has_open_comment(pending_))
      complain("the input ends within a comment");
    else if (is_interactive_ && !sqlite::is_blank(pending_))
      complain("the input ends within a statement, which was not run");
    else
      run(pending_);
  }

  // What was read is no whole input.
  void complain(const std::string& problem) {
    ctx_.err << "onewriter: " << place() << printable(problem) << '\n';
    has_failed_ = true;
  }

  void report(const caf::error& err) {
    if (err == caf::none)
      return;
    ctx_.err << "onewriter: " << place() << printable(describe(err)) << '\n';
    has_failed_ = !is_interactive_;
  }

  // Where the statement begins. A person knows.
  std::string place() const {
    return is_interactive_ ? "" : "line " + std::to_string(first_line_) + ": ";
  }

  command_context& ctx_;
  bool is_interactive_;
  history_file history_{history_path()};
  shell_signals signals_;
  shell_session session_;
  std::unique_ptr<line_reader> reader_;
  // The beginning of a statement.
  std::string pending_;
  uint64_t line_ = 0;
  uint64_t first_line_ = 1;
  bool has_ended_ = false;
  bool has_failed_ = false;
};

} // namespace

int run_shell(command_context& ctx, client& db, const shell_input& input,
              const row_options& rows) {
  return shell{ctx, db, input, rows}.run();
}

} // namespace onewriter::node
