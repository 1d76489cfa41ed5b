// The commands `checkpoint` and `check`.

#include "actors/console/format.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/command.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/json_text.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace onewriter::node {

namespace {

constexpr const char* checkpoint_help
  = R"(Copies what is in the write-ahead log into the database file, and waits for
readers for as long as onewriter.lock-patience says, 5 s by default. The exit
status is 1 where readers of other processes kept it from being completed.)";

constexpr const char* check_help
  = R"(Looks for damage, for indexes that do not fit their tables, and for rows that
violate foreign keys, and prints what it finds, at most 100 problems. The exit
status is 1 where there is any.)";

struct maintenance_options {
  std::string file;
  bool truncate = false;
  bool quick = false;
  bool json = false;
};

// -- checkpoint -----------------------------------------------------------------

json checkpoint_json(const checkpoint_receipt& x) {
  return {
    {"log_pages", x.log_pages},
    {"checkpointed_pages", x.checkpointed_pages},
    {"blocked", x.blocked},
  };
}

std::string checkpoint_text(const checkpoint_receipt& x) {
  auto pages = [](int64_t count) {
    return with_separators(static_cast<uint64_t>(count));
  };
  auto result = pages(x.checkpointed_pages) + " of " + pages(x.log_pages)
                + " pages of the log are in the file";
  return result + (x.blocked ? "; readers keep the rest\n" : "\n");
}

// The readers of this process may be in the way, too, while they are opened.
checkpoint_receipt wait_for_checkpoint(command_context& ctx, client& db,
                                       checkpoint what) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause{10};
  auto limit = clock::now() + ctx.cfg.database.lock_patience;
  for (;;) {
    auto receipt = must(db.checkpoint(what));
    if (!receipt.blocked || ctx.stop.requested() || clock::now() >= limit)
      return receipt;
    std::this_thread::sleep_for(pause);
  }
}

int run_checkpoint(command_context& ctx, const maintenance_options& asked) {
  auto db = must(open_file(ctx, asked.file));
  checkpoint what;
  what.truncate = asked.truncate;
  auto receipt = wait_for_checkpoint(ctx, *db, what);
  print(ctx, asked.json ? json_line(checkpoint_json(receipt))
                        : checkpoint_text(receipt));
  return receipt.blocked ? exit_status::failure : exit_status::success;
}

command_function add_checkpoint(CLI::App& to) {
  auto asked = std::make_shared<maintenance_options>();
  add_argument(to, "FILE", asked->file, "the database");
  to.add_flag("--truncate", asked->truncate,
              "wait for readers, and make the log empty");
  to.add_flag("--json", asked->json, "print the receipt as a JSON object");
  set_footer(to, checkpoint_help);
  return [asked](command_context& ctx) {
    return run_checkpoint(ctx, *asked);
  };
}

// -- check ----------------------------------------------------------------------

std::string report_text(const integrity_report& x) {
  std::string result;
  for (auto& problem : x.problems)
    result += printable(problem) + '\n';
  return x.ok() ? "no problem found\n" : result;
}

int run_check(command_context& ctx, const maintenance_options& asked) {
  auto db = must(open_file(ctx, asked.file));
  integrity_check what;
  what.quick = asked.quick;
  what.deadline = ctx.cfg.database.query_deadline;
  auto report = must(db->check_integrity(what));
  json result{{"ok", report.ok()}, {"problems", report.problems}};
  print(ctx, asked.json ? json_line(result) : report_text(report));
  return report.ok() ? exit_status::success : exit_status::failure;
}

command_function add_check(CLI::App& to) {
  auto asked = std::make_shared<maintenance_options>();
  add_argument(to, "FILE", asked->file, "the database");
  to.add_flag("--quick", asked->quick,
              "do not compare indexes with their tables");
  to.add_flag("--json", asked->json, "print the report as a JSON object");
  set_footer(to, check_help);
  return [asked](command_context& ctx) {
    return run_check(ctx, *asked);
  };
}

} // namespace

const file_command checkpoint_command{
  "checkpoint", "Copy the write-ahead log into the database file.",
  add_checkpoint};

const file_command check_command{"check", "Look for damage in a database.",
                                 add_check};

} // namespace onewriter::node
