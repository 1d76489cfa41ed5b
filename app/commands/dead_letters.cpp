#include "actors/console/format.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/arguments/parameters.hpp"
#include "app/commands/command.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/dead_letter_text.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::node {

namespace {

constexpr const char* dead_letters_help
  = R"(A dead letter is a write whose caller did not wait and which failed for good; it
is kept in the file with its values and its error. ACTION is one of
  list         one line for each (with --json: an object)
  show ID      all of one, with its values
  replay ID... run it again and remove it; where it fails again it stays
  discard ID... remove it
The exit status is 1 where one of them cannot be replayed or discarded; the
others are, still.)";

struct letter_options {
  std::string file;
  std::string action;
  std::vector<std::string> ids;
  bool all = false;
  bool json = false;
};

// -- which letters ----------------------------------------------------------------

[[noreturn]] void refuse(const std::string& problem) {
  throw run_failure{exit_status::bad_arguments, problem};
}

int64_t parse_id(const std::string& word) {
  auto parsed = parse_value(word);
  auto number = std::get_if<int64_t>(&parsed.data);
  if (number == nullptr || *number < 1)
    refuse("the number of a dead letter is a whole number, not '" + word + "'");
  return *number;
}

std::vector<int64_t> ids_of(const letter_options& asked) {
  std::vector<int64_t> result;
  for (auto& word : asked.ids)
    result.push_back(parse_id(word));
  auto takes_ids = asked.action != "list";
  auto may_be_all = takes_ids && asked.action != "show";
  if (asked.all && !may_be_all)
    refuse("--all is for replay and discard");
  if (!result.empty() && (!takes_ids || asked.all))
    refuse(asked.all ? "give either --all or numbers"
                     : "list takes no numbers: show does");
  if (takes_ids && result.empty() && !asked.all)
    refuse(asked.action + " requires the number of a dead letter"
           + (may_be_all ? ", or --all" : ""));
  if (asked.action == "show" && result.size() > 1)
    refuse("show takes one number");
  return result;
}

// Calls `visit` for each page of letters, in the order of their numbers. Those
// that are added during the visits may come too; none comes twice.
void for_each_letter_page(
  client& db,
  const std::function<void(const std::vector<dead_letter>&)>& visit) {
  list_dead_letters what;
  what.limit = 1'000;
  for (;;) {
    auto letters = must(db.dead_letters(what)).letters;
    if (letters.empty())
      return;
    what.after = letters.back().id;
    visit(letters);
  }
}

std::vector<int64_t> all_ids(client& db) {
  std::vector<int64_t> result;
  for_each_letter_page(db, [&](const std::vector<dead_letter>& page) {
    for (auto& x : page)
      result.push_back(x.id);
  });
  return result;
}

// -- actions ----------------------------------------------------------------------

void list_letters(command_context& ctx, client& db, bool as_json) {
  auto none = true;
  for_each_letter_page(db, [&](const std::vector<dead_letter>& page) {
    none = false;
    std::string lines;
    for (auto& x : page)
      lines += as_json ? json_line(letter_json(x)) : "";
    print(ctx, as_json ? lines : letter_table(page));
  });
  if (none && !as_json)
    print(ctx, "no dead letters\n");
}

void show_letter(command_context& ctx, client& db, int64_t id, bool as_json) {
  list_dead_letters what;
  what.after = id - 1;
  what.limit = 1;
  auto found = must(db.dead_letters(what)).letters;
  if (found.empty() || found.front().id != id)
    must(make_failure(ec::no_such_dead_letter,
                      "no dead letter has the number " + std::to_string(id)));
  print(ctx, as_json ? json_line(letter_json(found.front()))
                     : letter_text(found.front()));
}

json outcome_json(int64_t id, const caf::expected<write_receipt>& reply) {
  json result{{"id", id}, {"ok", static_cast<bool>(reply)}};
  if (reply)
    result["commit"] = reply->commit;
  else
    result["error"] = describe(reply.error());
  return result;
}

std::string outcome_text(int64_t id,
                         const caf::expected<write_receipt>& reply) {
  return std::to_string(id) + ": "
         + (reply ? "commit " + std::to_string(reply->commit)
                  : printable(describe(reply.error())))
         + '\n';
}

int work_off(command_context& ctx, client& db, const letter_options& asked,
             const std::vector<int64_t>& ids) {
  auto result = exit_status::success;
  for (auto id : ids) {
    auto reply = asked.action == "replay" ? db.replay(id) : db.discard(id);
    if (!reply && ctx.stop.requested())
      must(reply.error());
    if (!reply)
      result = exit_status::failure;
    print(ctx, asked.json ? json_line(outcome_json(id, reply))
                          : outcome_text(id, reply));
  }
  return result;
}

int run_dead_letters(command_context& ctx, const letter_options& asked) {
  auto ids = ids_of(asked);
  auto db = must(open_file(ctx, asked.file));
  if (asked.action == "list") {
    list_letters(ctx, *db, asked.json);
    return exit_status::success;
  }
  if (asked.action == "show") {
    show_letter(ctx, *db, ids.front(), asked.json);
    return exit_status::success;
  }
  return work_off(ctx, *db, asked, asked.all ? all_ids(*db) : ids);
}

command_function add_dead_letters(CLI::App& to) {
  auto asked = std::make_shared<letter_options>();
  add_argument(to, "FILE", asked->file, "the database");
  add_argument(to, "ACTION", asked->action, "list, show, replay or discard")
    .check(one_of({"list", "show", "replay", "discard"}));
  add_list(to, "ID", asked->ids, "numbers of dead letters");
  to.add_flag("--all", asked->all, "replay or discard all that there are");
  to.add_flag("--json", asked->json, "print a JSON object for each");
  set_footer(to, dead_letters_help);
  return [asked](command_context& ctx) {
    return run_dead_letters(ctx, *asked);
  };
}

} // namespace

const file_command dead_letters_command{
  "dead-letters", "List, replay or discard writes that failed unseen.",
  add_dead_letters};

} // namespace onewriter::node
