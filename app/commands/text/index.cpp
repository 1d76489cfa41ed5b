#include "actors/console/format.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/commands/output/live_bar.hpp"
#include "app/commands/text/index_files.hpp"
#include "app/remote/remote_address.hpp"

#include <memory>
#include <string>
#include <vector>

namespace onewriter::node {

namespace {

constexpr const char* index_help
  = R"(Puts text files, and those in folders, into a full-text index, each under its
absolute path, while others go on writing. A file that the index has with the
same content is read and left alone; one that was changed is replaced, and a
search finds all of the old or all of the new. What the index has below a folder
PATH and is no file any more is removed. Files that are not UTF-8 are passed
over, and so are names that begin with a dot, unless they are given or --hidden
is. Links are not followed. Each file is read by the process that owns the
database; where that is on another machine, nothing is removed. The exit status
is 1 where a file could not be read.)";

struct index_options {
  std::string file;
  index_files_request request;
  bool json = false;
};

std::string index_text(const index_files_report& x) {
  auto result = format_count(x.added, "file") + " added, "
                + with_separators(x.replaced) + " replaced, "
                + with_separators(x.unchanged) + " unchanged, "
                + with_separators(x.removed) + " removed; "
                + format_count(x.passages, "passage") + ", "
                + format_bytes(x.done.bytes) + '\n';
  if (x.no_text > 0)
    result += format_count(x.no_text, "file") + " passed over: no UTF-8\n";
  if (x.failed > 0)
    result += format_count(x.failed, "file") + " failed\n";
  return result;
}

json index_json(const index_files_report& x) {
  return {
    {"files", x.all.files},     {"bytes", x.all.bytes},
    {"added", x.added},         {"replaced", x.replaced},
    {"unchanged", x.unchanged}, {"removed", x.removed},
    {"no_text", x.no_text},     {"failed", x.failed},
    {"passages", x.passages},
  };
}

int run_index(command_context& ctx, const index_options& asked) {
  auto db = must(open_file(ctx, asked.file));
  live_bar bar{"index", ctx.is_terminal && !asked.json};
  auto request = asked.request;
  request.stopped = [&ctx] {
    return ctx.stop.requested();
  };
  request.removes_gone = !is_address(asked.file);
  request.passed_over = [&](const std::string& path, const std::string& why) {
    bar.clear();
    ctx.err << "onewriter: " << printable(path) << " is passed over: " << why
            << '\n';
  };
  request.failed = [&](const std::string& path, const caf::error& err) {
    bar.clear();
    ctx.err << "onewriter: " << printable(path) << ": "
            << printable(describe(err)) << '\n';
  };
  auto show = [&bar](const index_files_report& x) {
    bar.show(x.done.bytes, x.all.bytes,
             with_separators(x.done.files) + " of "
               + format_count(x.all.files, "file"));
  };
  auto report = index_files(ctx.sys, *db, request, show);
  bar.finish();
  if (!report)
    fail_with(report.error());
  print(ctx, asked.json ? json_line(index_json(*report)) : index_text(*report));
  return report->failed > 0 ? exit_status::failure : exit_status::success;
}

command_function add_index(CLI::App& to) {
  auto asked = std::make_shared<index_options>();
  asked->request.index = default_index;
  add_argument(to, "FILE", asked->file, "the database");
  add_list(to, "PATH", asked->request.paths, "files and folders").required();
  add_text(to, "--index", asked->request.index,
           std::string{"the index; default: "} + default_index)
    .type_name("NAME")
    ->check(not_empty());
  to.add_flag("--hidden", asked->request.hidden,
              "also names that begin with a dot");
  to.add_flag("--json", asked->json, "print the result as a JSON object");
  set_footer(to, index_help);
  return [asked](command_context& ctx) {
    return run_index(ctx, *asked);
  };
}

} // namespace

const file_command index_command{
  "index", "Put text files into a full-text index.", add_index};

} // namespace onewriter::node
