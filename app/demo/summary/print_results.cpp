#include "app/demo/summary/print_results.hpp"

#include "actors/console/terminal.hpp"
#include "app/core/run_failure.hpp"
#include "app/demo/summary/summary.hpp"

#include <cerrno>
#include <system_error>

namespace onewriter::node {

namespace {

std::string text_of(const demo_result& what, bool set_off) {
  std::string result = set_off ? "\n" : "";
  for (auto& line : summary(what))
    result += line.render(wants_colours()) + '\n';
  return result;
}

} // namespace

void print_results(const demo_result& what, bool set_off) {
  auto text
    = what.asked.json ? summary_json(what) + '\n' : text_of(what, set_off);
  if (!write_out(text))
    throw run_failure{exit_status::failure,
                      "cannot write to standard output: "
                        + std::generic_category().message(errno)};
}

} // namespace onewriter::node
