#include "app/commands/shell/shell_session.hpp"

#include "actors/console/format.hpp"
#include "app/commands/output/receipt_text.hpp"
#include "app/commands/shell/cancellable_ask.hpp"

#include <chrono>
#include <sstream>

namespace onewriter::node {

namespace {

constexpr const char* shell_commands
  = R"(.help                     what can be typed
.tables [PATTERN]         names of tables and views; PATTERN as for LIKE
.schema [PATTERN]         the statements that have created them
.mode table|csv|jsonl     how rows are printed
.header on|off            whether the names of columns are printed
.timer on|off             whether it is printed how long a statement takes
.quit                     end; so does Ctrl-D
A statement ends with a semicolon, and may have several lines. Ctrl-C gives up a
line, or a statement that runs.
)";

caf::error bad_command(const std::string& text) {
  return make_failure(ec::invalid_argument, text);
}

caf::error set_switch(bool& what, const std::string& name,
                      const std::string& word) {
  if (word != "on" && word != "off")
    return bad_command(name + " is followed by on or off");
  what = word == "on";
  return {};
}

} // namespace

shell_session::shell_session(command_context& ctx, client& db,
                             shell_signals& signals, row_options rows,
                             bool is_interactive)
  : ctx_{ctx},
    db_{db},
    signals_{signals},
    rows_{std::move(rows)},
    is_interactive_{is_interactive} {
  // nop
}

// -- statements -------------------------------------------------------------------

caf::error shell_session::run_sql(const std::string& sql) {
  using clock = std::chrono::steady_clock;
  auto begin = clock::now();
  auto result = query_rows(sql);
  // Only SQLite knows what a statement changes.
  if (code_of(result) == ec::not_a_query)
    result = write_rows(sql);
  if (has_timer_)
    ctx_.err << format_ms(clock::now() - begin) << " ms\n";
  return result;
}

caf::error shell_session::query_rows(const std::string& sql) {
  open_cursor what;
  what.what = query{sql};
  what.what.max_rows = rows_of_page;
  auto cursor = ask_cancellably<cursor_actor>(ctx_.sys, signals_,
                                              db_.database(), std::move(what));
  if (!cursor)
    return cursor.error();
  auto err = print_pages(*cursor);
  if (err != caf::none)
    compat::anon_send(*cursor, close_cursor{});
  return err;
}

caf::error shell_session::print_pages(const cursor_actor& cursor) {
  auto writer = make_row_writer(ctx_, rows_);
  for (;;) {
    auto page
      = ask_cancellably<cursor_page>(ctx_.sys, signals_, cursor, next_page{});
    if (!page)
      return page.error();
    if (!print(ctx_, writer->render(page->rows)))
      return make_failure(ec::cancelled, "the output was closed");
    if (page->last)
      return {};
  }
}

caf::error shell_session::write_rows(const std::string& sql) {
  auto receipt = ask_cancellably<write_receipt>(ctx_.sys, signals_,
                                                db_.database(), write{sql});
  if (!receipt && receipt.error() == ec::cancelled)
    return make_failure(ec::cancelled, "the statement was left alone: it may "
                                       "still be committed");
  if (!receipt)
    return receipt.error();
  for (auto& rows : receipt->returned)
    print(ctx_, make_row_writer(ctx_, rows_)->render(rows));
  if (is_interactive_)
    print(ctx_, receipt_text(*receipt));
  return {};
}

// -- commands ---------------------------------------------------------------------

caf::error shell_session::run_command(const std::string& line) {
  std::istringstream words{line};
  std::string name;
  std::string word;
  std::string more;
  words >> name >> word;
  if (words >> more)
    return bad_command("unexpected '" + more + "'");
  if (name == ".quit" || name == ".exit")
    wants_to_end_ = true;
  else if (name == ".help")
    print(ctx_, shell_commands);
  else if (name == ".mode")
    return set_mode(word);
  else if (name == ".header" || name == ".headers")
    return set_switch(rows_.header, name, word);
  else if (name == ".timer")
    return set_switch(has_timer_, name, word);
  else if (name == ".tables")
    return print_names("SELECT name FROM sqlite_schema WHERE type IN ('table', "
                       "'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND "
                       "name NOT LIKE 'onewriter\\_%' ESCAPE '\\' AND name "
                       "LIKE ? ORDER BY name",
                       word);
  else if (name == ".schema")
    return print_names("SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT "
                       "NULL AND name NOT LIKE 'onewriter\\_%' ESCAPE '\\' AND "
                       "tbl_name LIKE ? ORDER BY tbl_name, type DESC, name",
                       word);
  else
    return bad_command("there is no command " + name + "; .help lists them");
  return {};
}

caf::error shell_session::print_names(const std::string& sql,
                                      const std::string& like) {
  auto found = ask_cancellably<result_set>(
    ctx_.sys, signals_, db_.database(), query{sql, like.empty() ? "%" : like});
  if (!found)
    return found.error();
  std::string text;
  for (auto& x : found->rows) {
    // A statement may have several lines, which are printed as they are.
    std::istringstream lines{x.get<std::string>(0)};
    for (std::string line; std::getline(lines, line);)
      text += (ctx_.is_terminal ? printable(line) : line) + '\n';
  }
  print(ctx_, text);
  return {};
}

caf::error shell_session::set_mode(const std::string& word) {
  if (word != "table" && word != "csv" && word != "jsonl")
    return bad_command(".mode is followed by table, csv or jsonl");
  rows_.format = word;
  rows_.json = false;
  return {};
}

} // namespace onewriter::node
