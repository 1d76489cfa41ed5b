#include "actors/console/stop_signal.hpp"
#include "app/arguments.hpp"
#include "app/audit/audit.hpp"
#include "app/demo/demo.hpp"
#include "app/demo/setup/node_config.hpp"
#include "app/demo/setup/run_failure.hpp"

#include <exception>
#include <iostream>
#include <string>

namespace {

using namespace onewriter;
using namespace onewriter::node;

int complain(const std::string& problem) {
  std::cerr << "onewriter: " << problem
            << "\nTry `onewriter --help` for more.\n";
  return exit_status::bad_arguments;
}

int demo(arguments& what) {
  signal_shield shield;
  node_config cfg;
  if (auto problem = cfg.read(std::move(what.system)); !problem.empty())
    return complain(problem);
  if (cfg.printed_options())
    return exit_status::success;
  return run_demo(cfg, what.demo);
}

int audit(const arguments& what) {
  if (!what.system.empty())
    return complain("unexpected option " + what.system.front());
  return run_audit(what.audit);
}

int run(arguments what) {
  if (!what.problem.empty())
    return complain(what.problem);
  switch (what.command) {
    case command::demo:
      return demo(what);
    case command::audit:
      return audit(what);
    default:
      std::cout << what.text;
      return exit_status::success;
  }
}

} // namespace

int main(int argc, char** argv) {
  try {
    auto status = run(parse_arguments({argv + 1, argv + argc}));
    if (std::cout.flush())
      return status;
    std::cerr << "onewriter: cannot write to standard output\n";
    return exit_status::failure;
  } catch (std::exception& err) {
    std::cerr << "onewriter: " << err.what() << '\n';
    return exit_status::failure;
  }
}
