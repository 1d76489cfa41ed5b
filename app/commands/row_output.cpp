#include "app/commands/row_output.hpp"

#include "actors/console/terminal.hpp"
#include "app/commands/arguments/options.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::node {

namespace {

row_format format_of(const command_context& ctx, const row_options& asked) {
  if (asked.json || asked.format == "jsonl")
    return row_format::jsonl;
  if (asked.format == "csv")
    return row_format::csv;
  return asked.format == "table" || ctx.is_terminal ? row_format::table
                                                    : row_format::csv;
}

template <class Reply, class Handle, class Request>
caf::expected<Reply>
ask(caf::scoped_actor& self, const Handle& whom, Request what) {
  caf::expected<Reply> result{caf::make_error(caf::sec::runtime_error)};
  compat::request(self, whom, caf::infinite, std::move(what))
    .receive([&](Reply& x) { result = std::move(x); },
             [&](caf::error& err) { result = std::move(err); });
  return result;
}

} // namespace

void add_row_options(CLI::App& to, row_options& asked,
                     const char* json_description) {
  add_text(to, "--format", asked.format,
           "table, csv or jsonl (JSON lines); default: table on a\n"
           "terminal, else csv")
    .type_name("FORMAT")
    ->check(one_of({"table", "csv", "jsonl"}));
  to.add_flag("--header,!--no-header", asked.header,
              "whether a table or CSV begins with the names of the\n"
              "columns; default: yes");
  to.add_flag("--json", asked.json, json_description);
}

std::unique_ptr<row_writer> make_row_writer(const command_context& ctx,
                                            const row_options& asked) {
  row_style style;
  style.format = format_of(ctx, asked);
  style.header = asked.header;
  style.terminal = ctx.is_terminal;
  style.colours = ctx.is_terminal && wants_colours();
  return make_row_writer(style);
}

caf::error for_each_page(caf::actor_system& sys, const database_actor& db,
                         query what,
                         const std::function<bool(const result_set&)>& visit) {
  caf::scoped_actor self{sys};
  open_cursor request;
  request.what = std::move(what);
  auto cursor = ask<cursor_actor>(self, db, std::move(request));
  if (!cursor)
    return cursor.error();
  for (;;) {
    auto page = ask<cursor_page>(self, *cursor, next_page{});
    if (!page)
      return page.error();
    if (!visit(page->rows)) {
      compat::anon_send(*cursor, close_cursor{});
      return {};
    }
    if (page->last)
      return {};
  }
}

} // namespace onewriter::node
