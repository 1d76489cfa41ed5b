#include "actors/console/format.hpp"
#include "actors/sqlite/file/files.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/command.hpp"
#include "app/commands/import/run_import.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/json_text.hpp"
#include "app/commands/output/live_bar.hpp"
#include "app/remote/remote_address.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::node {

namespace {

constexpr const char* import_help
  = R"(Adds the records of SOURCE to TABLE, a few hundred in a transaction, while
others go on writing. Each transaction stores how far the import is, in the
table import_progress: after Ctrl-C, a crash or the end of the owner the same
command goes on there, and no row is added twice. A SOURCE that was changed
before that place is refused; lines that were appended to it are imported.

SOURCE is CSV (RFC 4180) whose first line names columns of TABLE, where an empty
field is NULL and a quoted one an empty text, or JSON lines: what `onewriter
query` prints can be read back. A column of a declared type takes what fits it;
others take a number, a blob (x'00ff') or a text, each for what it looks like.

Lines that do not fit are reported and written to the file --rejects names, as
JSON with the members line, reason and text; the others are imported. The exit
status is 1 then.)";

struct import_options {
  std::string file;
  import_request request;
  std::string types;
  bool json = false;
};

// -- progress -------------------------------------------------------------------

/// What a person sees while an import runs: a bar on a terminal, and rejected
/// lines. Used in one thread.
class import_display {
public:
  import_display(command_context& ctx, bool live) : ctx_{ctx}, is_live_{live} {
    // nop
  }

  void show(const import_state& x) {
    if (!bar_ || is_inferring_ != x.is_inferring) {
      is_inferring_ = x.is_inferring;
      bar_.emplace(x.is_inferring ? "types" : "import", is_live_);
      first_rows_ = x.rows;
    }
    bar_->show(x.done_bytes, x.total_bytes, x.is_inferring ? "" : rows_text(x));
  }

  void reject(uint64_t line, const std::string& reason) {
    constexpr size_t max_printed = 20;
    if (++rejected_ > max_printed)
      return;
    if (bar_)
      bar_->clear();
    ctx_.err << "onewriter: line " << line << ": " << printable(reason) << '\n';
    if (rejected_ == max_printed)
      ctx_.err << "onewriter: no more rejected lines are printed\n";
  }

  /// Removes the bar.
  void finish() {
    bar_.reset();
  }

private:
  std::string rows_text(const import_state& x) const {
    auto rows = static_cast<double>(x.rows - first_rows_);
    auto result = format_count(x.rows, "row");
    if (auto seconds = bar_->elapsed_seconds(); rows > 0 && seconds > 0)
      result += "  " + format_rate(rows / seconds) + " rows/s";
    if (x.rejected > 0)
      result += "  " + with_separators(x.rejected) + " rejected";
    return result;
  }

  command_context& ctx_;
  bool is_live_;
  std::optional<live_bar> bar_;
  bool is_inferring_ = false;
  uint64_t first_rows_ = 0;
  size_t rejected_ = 0;
};

// -- the result -----------------------------------------------------------------

std::string import_text(const import_report& x, const std::string& table,
                        double elapsed) {
  auto rows = x.state.rows - x.rows_before;
  auto result = format_count(rows, "row") + " into " + printable(table);
  if (x.rows_before > 0)
    result += ", which has " + with_separators(x.rows_before)
              + " of this file from before";
  else if (x.created)
    result += ", which is new";
  if (rows > 0 && elapsed > 0)
    result
      += "; " + format_rate(static_cast<double>(rows) / elapsed) + " rows/s";
  result += '\n';
  auto rejected = x.state.rejected - x.rejected_before;
  if (rejected > 0)
    result += format_count(rejected, "line")
              + " rejected: " + printable(x.rejects) + '\n';
  else if (x.rejected_before > 0)
    result += format_count(x.rejected_before, "line")
              + " rejected before: " + printable(x.rejects) + '\n';
  return result;
}

json import_json(const import_report& x, const std::string& table,
                 double elapsed) {
  return {
    {"table", table},
    {"created", x.created},
    {"rows", x.state.rows - x.rows_before},
    {"rows_before", x.rows_before},
    {"rejected", x.state.rejected},
    {"rejected_before", x.rejected_before},
    {"rejects_file", x.rejects.empty() ? json(nullptr) : json(x.rejects)},
    {"next_line", x.state.line},
    {"seconds", elapsed},
  };
}

[[noreturn]] void fail_midway(const import_report& x) {
  try {
    fail_with(x.problem);
  } catch (run_failure& err) {
    err.text += "; " + format_count(x.state.rows, "row") + " of the file "
                + (x.state.rows == 1 ? "is" : "are")
                + " in the table, and the same command goes on "
                  "at line "
                + std::to_string(x.state.line);
    throw;
  }
}

// -- the command ------------------------------------------------------------------

// Where a service on another machine has the file, only the table is created. A
// new file comes only after all that can go wrong without one.
std::shared_ptr<client> open_target(command_context& ctx,
                                    const std::string& file,
                                    import_request& request) {
  if (!request.create || is_address(file))
    return must(open_file(ctx, file));
  if (!sqlite::exists(file))
    request.plan = must(plan_import(request));
  return must(open_file(ctx, file, if_missing::create));
}

int run_import_command(command_context& ctx, const import_options& asked) {
  auto request = asked.request;
  request.types = must(parse_types(asked.types));
  using clock = std::chrono::steady_clock;
  auto begin = clock::now();
  import_display display{ctx, ctx.is_terminal && !asked.json};
  request.stopped = [&ctx] {
    return ctx.stop.requested();
  };
  request.progressed = [&display](const import_state& x) {
    display.show(x);
  };
  request.rejected = [&display](uint64_t line, const std::string& reason) {
    display.reject(line, reason);
  };
  auto db = open_target(ctx, asked.file, request);
  auto report = run_import(ctx.sys, *db, request);
  display.finish();
  if (!report)
    fail_with(report.error());
  if (report->problem != caf::none)
    fail_midway(*report);
  auto elapsed = std::chrono::duration<double>(clock::now() - begin).count();
  print(ctx, asked.json
               ? json_line(import_json(*report, request.table, elapsed))
               : import_text(*report, request.table, elapsed));
  // Also where an interrupted run has rejected them: the table lacks rows.
  return report->state.rejected > 0 ? exit_status::failure
                                    : exit_status::success;
}

void add_reject_options(CLI::App& to, import_request& asked) {
  add_text(to, "--rejects", asked.rejects,
           "where lines go that do not fit; default: SOURCE.rejects")
    .type_name("PATH")
    ->check(not_empty());
  to.add_option_function<double>(
      "--max-rejects",
      [&asked](double x) { asked.max_rejects = static_cast<uint64_t>(x); },
      "stop where more than N lines do not fit; default: 1000")
    ->type_name("N")
    ->check(number(whole, 0, 1'000'000'000));
}

command_function add_import(CLI::App& to) {
  auto asked = std::make_shared<import_options>();
  auto& request = asked->request;
  add_argument(to, "FILE", asked->file, "the database");
  add_argument(to, "TABLE", request.table, "the table");
  add_argument(to, "SOURCE", request.source, "a file of CSV or JSON lines");
  to.add_flag("--create", request.create,
              "create TABLE, and FILE, where they do not exist; the\n"
              "types of the columns are those that suit all lines");
  add_text(to, "--types", asked->types,
           "types of columns, NAME:TYPE,... with the types any,\n"
           "integer, real, text and blob; default: those of TABLE")
    .type_name("TYPES");
  add_text(to, "--format", request.format,
           "csv or jsonl; default: what the name of SOURCE ends with")
    .type_name("FORMAT")
    ->check(one_of({"csv", "jsonl"}));
  add_reject_options(to, request);
  to.add_flag("--again", request.again,
              "import all of SOURCE, also what was imported before");
  to.add_flag("--json", asked->json, "print the result as a JSON object");
  set_footer(to, import_help);
  return [asked](command_context& ctx) {
    return run_import_command(ctx, *asked);
  };
}

} // namespace

const file_command import_command{
  "import", "Add the rows of a CSV or JSON lines file to a table.", add_import};

} // namespace onewriter::node
