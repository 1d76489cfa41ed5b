#include "app/commands/arguments/options.hpp"
#include "app/commands/command.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/status_text.hpp"

#include <memory>
#include <string>

namespace onewriter::node {

namespace {

constexpr const char* status_help
  = R"(Counts, rates and latencies are those of the process that owns the file, since
it has opened it.)";

struct status_options {
  std::string file;
  bool json = false;
};

int run_status(command_context& ctx, const status_options& asked) {
  auto db = must(open_file(ctx, asked.file));
  auto info = must(db->describe());
  auto now = must(db->statistics());
  print(ctx, asked.json ? json_line(status_json(info, now))
                        : status_text(info, now));
  return exit_status::success;
}

command_function add_status(CLI::App& to) {
  auto asked = std::make_shared<status_options>();
  add_argument(to, "FILE", asked->file, "the database");
  to.add_flag("--json", asked->json, "print a JSON object");
  set_footer(to, status_help);
  return [asked](command_context& ctx) {
    return run_status(ctx, *asked);
  };
}

} // namespace

const file_command status_command{
  "status", "Show the state of a database on one screen.", add_status};

} // namespace onewriter::node
