#include "app/commands/arguments/options.hpp"
#include "app/commands/arguments/parameters.hpp"
#include "app/commands/command.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/commands/output/receipt_text.hpp"
#include "app/commands/row_output.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::node {

namespace {

constexpr const char* exec_help
  = R"(Prints how many rows were changed, the rowid of the last row that was inserted,
and the number of the commit. Rows of a RETURNING clause are printed as those of
`onewriter query`; then all else goes to standard error.

)";

struct exec_options {
  std::string file;
  std::string sql;
  std::vector<std::string> parameters;
  bool all_text = false;
  bool create = false;
  std::string key;
  std::string priority = "normal";
  std::chrono::nanoseconds deadline{0};
  row_options rows;
};

write request_of(const exec_options& asked) {
  write result;
  result.statements.push_back(
    must(make_statement(asked.sql, asked.parameters, asked.all_text)));
  from_string(asked.priority, result.priority);
  result.deadline = asked.deadline;
  result.idempotency_key = asked.key;
  return result;
}

json receipt_json(const write_receipt& x) {
  json result{
    {"changes", x.changes},  {"last_insert_rowid", x.last_insert_rowid},
    {"commit", x.commit},    {"repeated", x.repeated},
    {"rows", json::array()},
  };
  for (auto& returned : x.returned) {
    auto names = member_names(returned.columns);
    for (auto& line : returned.rows)
      result["rows"].push_back(row_json(line, names));
  }
  return result;
}

// The summary must not get into rows that another program reads.
void show(command_context& ctx, const write_receipt& receipt,
          const row_options& asked) {
  for (auto& rows : receipt.returned)
    print(ctx, make_row_writer(ctx, asked)->render(rows));
  if (receipt.returned.empty())
    print(ctx, receipt_text(receipt));
  else
    ctx.err << receipt_text(receipt);
}

int exec(command_context& ctx, const exec_options& asked) {
  auto what = request_of(asked);
  auto missing = asked.create ? if_missing::create : if_missing::refuse;
  auto db = must(open_file(ctx, asked.file, missing));
  auto receipt = must(db->write(std::move(what)));
  if (asked.rows.json)
    print(ctx, json_line(receipt_json(receipt)));
  else
    show(ctx, receipt, asked.rows);
  return exit_status::success;
}

void add_write_options(CLI::App& to, exec_options& asked) {
  to.add_flag("--create", asked.create,
              "create FILE where it does not exist; without this\n"
              "option a mistyped name creates nothing");
  add_text(to, "--key", asked.key,
           "idempotency key: the same write sent again under the\n"
           "same key is not run again, but gets the first receipt")
    .type_name("KEY")
    ->check(not_empty());
  add_text(to, "--priority", asked.priority,
           "urgent, normal (default) or background")
    .type_name("P")
    ->check(one_of({"urgent", "normal", "background"}));
  to.add_option_function<double>(
      "--deadline", [&asked](double x) { asked.deadline = seconds(x); },
      "do not run the write if it has waited for N seconds")
    ->type_name("N")
    ->check(number(fractions, 0, 1'000'000));
}

command_function add_exec(CLI::App& to) {
  auto asked = std::make_shared<exec_options>();
  add_argument(to, "FILE", asked->file, "the database");
  add_argument(to, "SQL", asked->sql, "one statement");
  add_list(to, "PARAM", asked->parameters, "values of its parameters");
  to.add_flag("--text", asked->all_text, "take every PARAM for a text");
  add_write_options(to, *asked);
  add_row_options(to, asked->rows,
                  "print the receipt as a JSON object, with the rows");
  set_footer(to, std::string{exec_help} + parameters_help);
  return [asked](command_context& ctx) {
    return exec(ctx, *asked);
  };
}

} // namespace

const file_command exec_command{"exec", "Run one statement that writes.",
                                add_exec};

} // namespace onewriter::node
