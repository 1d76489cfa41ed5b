#include "app/audit/audit_arguments.hpp"

#include <cmath>

#include <CLI/CLI.hpp>

namespace onewriter::node {

namespace {

constexpr const char* audit_footer
  = R"(Says which processes have FILE open and hold locks on it, whether onewriter owns
it, whether their SQLite has the WAL-reset bug, what is in the log and which
reader keeps it there, whether the content is sound, and what to do about it.
It reads files and /proc, and writes, locks and recovers nothing. Processes on
other machines and in other containers are not seen. What those of other users
have open is seen by root only, their locks by all.

If no process uses FILE and it has no log, its content is checked with SQLite's
quick_check. --integrity runs integrity_check in any case. If FILE is in use,
that is one more reader, which takes locks as readers do: until its end the log
cannot get smaller, and without a log no writer can commit.

--source lists lines in C, Python, JavaScript, Rust, Go, Java, Ruby, PHP and
other languages that open SQLite, but for those that show that it is only read.

Exit status: 0 if nothing is at risk, or for --source; 1 for a risk; 2 for bad
arguments, and if FILE or DIR cannot be audited.)";

CLI::Validator audit_not_empty() {
  auto check = [](std::string& word) {
    return std::string{word.empty() ? "must not be empty" : ""};
  };
  return {check, ""};
}

CLI::Validator audit_seconds() {
  auto check = [](std::string& word) -> std::string {
    if (!word.empty() && word.find_first_not_of("0123456789.") == word.npos
        && CLI::Range(0.01, 86'400.0)(word).empty())
      return {};
    return "must be a number from 0.01 to 86,400, not '" + word + "'";
  };
  return {check, ""};
}

} // namespace

void add_audit_arguments(CLI::App& to, audit_options& asked) {
  to.add_option("FILE", asked.file, "a database")
    ->type_name("")
    ->check(audit_not_empty());
  to.add_option("--source", asked.source,
                "list what opens SQLite for writing in a source\ntree")
    ->type_name("DIR")
    ->check(audit_not_empty());
  to.add_flag("--integrity", asked.integrity,
              "check all of the content, also if FILE is in use");
  to.add_option_function<double>(
      "--seconds",
      [&asked](double x) {
        asked.integrity_time = std::chrono::nanoseconds{std::llround(x * 1e9)};
      },
      "check the content for at most N seconds; default: 10")
    ->type_name("N")
    ->check(audit_seconds());
  to.add_flag("--json", asked.json, "print one JSON object");
  to.footer(audit_footer);
}

std::string problem_of_audit(const audit_options& asked) {
  if (asked.file.empty() == asked.source.empty())
    return asked.file.empty() ? "audit requires FILE or --source DIR"
                              : "audit takes FILE or --source DIR, not both";
  return {};
}

} // namespace onewriter::node
