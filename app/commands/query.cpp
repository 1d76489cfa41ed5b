#include "app/commands/arguments/options.hpp"
#include "app/commands/arguments/parameters.hpp"
#include "app/commands/command.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/row_output.hpp"

#include <memory>
#include <string>
#include <vector>

namespace onewriter::node {

namespace {

constexpr const char* query_help
  = R"(Rows are read page by page, all of one snapshot, so that a result may be larger
than the memory. In a table a page is aligned by itself.
- NULL is NULL in a table, empty in CSV and null in JSON.
- A blob is x'00ff', in JSON {"blob_hex":"00ff"}; a text that is not UTF-8 is
  {"text_hex":"ff"} there. A second column of the name a is a:1 in JSON.
- Real numbers have as many digits as are needed to read the same number back.
- On a terminal, characters that would control it are printed as \x1b.
A reader that closes the pipe, like head, ends the query: that is no failure.

)";

struct query_options {
  std::string file;
  std::string sql;
  std::vector<std::string> parameters;
  bool all_text = false;
  row_options rows;
};

int run_query(command_context& ctx, const query_options& asked) {
  query what;
  what.what = must(make_statement(asked.sql, asked.parameters, asked.all_text));
  what.max_rows = rows_of_page;
  auto db = must(open_file(ctx, asked.file));
  auto writer = make_row_writer(ctx, asked.rows);
  must(for_each_page(
    ctx.sys, db->database(), std::move(what), [&](const result_set& page) {
      return print(ctx, writer->render(page)) && !ctx.stop.requested();
    }));
  if (ctx.stop.requested())
    throw run_failure{exit_status::interrupted, "not all rows were printed"};
  return exit_status::success;
}

command_function add_query(CLI::App& to) {
  auto asked = std::make_shared<query_options>();
  add_argument(to, "FILE", asked->file, "the database");
  add_argument(to, "SQL", asked->sql, "one statement that only reads");
  add_list(to, "PARAM", asked->parameters, "values of its parameters");
  to.add_flag("--text", asked->all_text, "take every PARAM for a text");
  add_row_options(to, asked->rows, "the same as --format=jsonl");
  set_footer(to, std::string{query_help} + parameters_help);
  return [asked](command_context& ctx) {
    return run_query(ctx, *asked);
  };
}

} // namespace

const file_command query_command{"query", "Print the rows of a query.",
                                 add_query};

} // namespace onewriter::node
