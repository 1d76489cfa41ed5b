#include "actors/console/format.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/command.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/commands/restore/restore_file.hpp"
#include "app/remote/remote_address.hpp"

#include <memory>
#include <string>
#include <utility>

namespace onewriter::node {

namespace {

constexpr const char* restore_help
  = R"(Checks BACKUP, copies it beside FILE, syncs and checks the copy, and gives it
the name FILE. A FILE that exists is never deleted: with --force it is kept as
FILE.before-restore-N together with its log, and without it nothing is done.
A file that any process has open, or owns, is left alone.)";

struct restore_options {
  std::string backup;
  std::string file;
  bool force = false;
  bool json = false;
};

std::string restored_text(const restore_receipt& x) {
  auto result = printable(x.path) + ": " + format_bytes(x.bytes);
  if (!x.kept.empty())
    result += "; what was there is " + printable(x.kept);
  return result + '\n';
}

json restored_json(const restore_receipt& x) {
  return {
    {"path", x.path},
    {"bytes", x.bytes},
    {"kept", x.kept.empty() ? json(nullptr) : json(x.kept)},
  };
}

int run_restore(command_context& ctx, const restore_options& asked) {
  for (auto& path : {asked.backup, asked.file})
    if (is_address(path))
      fail_with(make_failure(ec::invalid_argument,
                             path
                               + " is on another machine: restore works on "
                                 "files of this one, that no process has "
                                 "open"));
  restore_request what;
  what.backup = asked.backup;
  what.file = asked.file;
  what.force = asked.force;
  what.stopped = [&ctx] {
    return ctx.stop.requested();
  };
  auto receipt = must(restore_file(what));
  print(ctx, asked.json ? json_line(restored_json(receipt))
                        : restored_text(receipt));
  return exit_status::success;
}

command_function add_restore(CLI::App& to) {
  auto asked = std::make_shared<restore_options>();
  add_argument(to, "BACKUP", asked->backup, "what `onewriter backup` has made");
  add_argument(to, "FILE", asked->file, "the database that it becomes");
  to.add_flag("--force", asked->force,
              "set a FILE that exists aside, under another name");
  to.add_flag("--json", asked->json, "print the receipt as a JSON object");
  set_local_footer(to, restore_help);
  return [asked](command_context& ctx) {
    return run_restore(ctx, *asked);
  };
}

} // namespace

const file_command restore_command{
  "restore", "Put a backup in the place of a database.", add_restore, false};

} // namespace onewriter::node
