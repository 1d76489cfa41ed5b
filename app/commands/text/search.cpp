#include "actors/console/terminal.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/text/index_files.hpp"
#include "app/commands/text/search_text.hpp"

#include <memory>
#include <string>
#include <vector>

namespace onewriter::node {

namespace {

constexpr const char* search_help
  = R"(Prints the passages of indexed texts that have all WORDs, the best first. A
passage is a piece of a text of at most 4 KiB. With --expression there is one
WORD, in the language of FTS5: tea AND NOT milk, "green tea", tea*.)";

struct search_options {
  std::string file;
  std::vector<std::string> words;
  std::string index = default_index;
  uint32_t max_hits = 20;
  bool is_expression = false;
  bool json = false;
};

int run_search(command_context& ctx, const search_options& asked) {
  if (asked.is_expression && asked.words.size() != 1)
    throw run_failure{exit_status::bad_arguments,
                      "--expression takes one word: put it in quotes"};
  search what;
  what.index = asked.index;
  what.max_hits = asked.max_hits;
  what.expression
    = asked.is_expression ? asked.words.front() : expression_of(asked.words);
  auto db = must(open_file(ctx, asked.file));
  auto hits = must(db->search(std::move(what))).hits;
  std::string text;
  for (auto& x : hits)
    text += asked.json ? json_line(hit_json(x)) : "";
  if (!asked.json)
    for (auto& line : hit_lines(hits))
      text += line.render(ctx.is_terminal && wants_colours()) + '\n';
  if (hits.empty() && !asked.json)
    ctx.err << "nothing found\n";
  print(ctx, text);
  return exit_status::success;
}

command_function add_search(CLI::App& to) {
  auto asked = std::make_shared<search_options>();
  add_argument(to, "FILE", asked->file, "the database");
  add_list(to, "WORD", asked->words, "what passages have").required();
  add_text(to, "--index", asked->index,
           std::string{"the index; default: "} + default_index)
    .type_name("NAME")
    ->check(not_empty());
  to.add_option_function<double>(
      "--max",
      [asked](double x) { asked->max_hits = static_cast<uint32_t>(x); },
      "print the best N at most; default: 20")
    ->type_name("N")
    ->check(number(whole, 1, 10'000));
  to.add_flag("--expression", asked->is_expression,
              "take WORD for an expression of FTS5");
  to.add_flag("--json", asked->json, "print a JSON object for each");
  set_footer(to, search_help);
  return [asked](command_context& ctx) {
    return run_search(ctx, *asked);
  };
}

} // namespace

const file_command search_command{"search", "Find words in indexed texts.",
                                  add_search};

} // namespace onewriter::node
