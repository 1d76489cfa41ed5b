#include "actors/console/stop_signal.hpp"
#include "app/arguments.hpp"
#include "app/audit/audit.hpp"
#include "app/core/node_config.hpp"
#include "app/core/run_failure.hpp"
#include "app/demo/demo.hpp"
#include "app/remote/remote_address.hpp"
#include "app/serve/serve.hpp"

#include <exception>
#include <iostream>
#include <string>

#include <poll.h>
#include <unistd.h>

namespace {

using namespace onewriter;
using namespace onewriter::node;

int complain(const std::string& problem) {
  std::cerr << "onewriter: " << problem
            << "\nTry `onewriter --help` for more.\n";
  return exit_status::bad_arguments;
}

// Reads the configuration, and runs `what` with it.
template <class Config, class F>
int with_config(Config& cfg, arguments& asked, F what) {
  signal_shield shield;
  if (auto problem = cfg.read(std::move(asked.system)); !problem.empty())
    return complain(problem);
  if (cfg.printed_options())
    return exit_status::success;
  return what();
}

int audit(const arguments& what) {
  if (!what.system.empty())
    return complain("unexpected option " + what.system.front());
  if (is_address(what.audit.file))
    return complain(
      "audit looks at files and processes of this machine, not at "
      + what.audit.file);
  return run_audit(what.audit);
}

int demo(arguments& what) {
  demo_config cfg;
  return with_config(cfg, what, [&] { return run_demo(cfg, what.demo); });
}

int work_on_file(arguments& what) {
  node_config cfg;
  set_command_defaults(cfg.database);
  return with_config(cfg, what, [&] { return run_command(cfg, what.run); });
}

int serve(arguments& what) {
  serve_config cfg;
  what.serve.system = what.system;
  return with_config(cfg, what, [&] { return run_serve(cfg, what.serve); });
}

int run(arguments& what) {
  if (!what.problem.empty())
    return complain(what.problem);
  switch (what.command) {
    case command::demo:
      return demo(what);
    case command::audit:
      return audit(what);
    case command::file:
      return work_on_file(what);
    case command::serve:
      return serve(what);
    default:
      std::cout << what.text;
      return exit_status::success;
  }
}

// Whether standard output is a pipe that its reader has closed.
bool is_output_closed() {
  pollfd what{STDOUT_FILENO, 0, 0};
  return poll(&what, 1, 0) > 0 && (what.revents & (POLLERR | POLLHUP)) != 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    auto what = parse_arguments({argv + 1, argv + argc});
    auto status = run(what);
    // A reader that has seen enough, like `head`, is no failure.
    if (std::cout.flush()
        || (what.command == command::file && is_output_closed()))
      return status;
    std::cerr << "onewriter: cannot write to standard output\n";
    return exit_status::failure;
  } catch (std::exception& err) {
    std::cerr << "onewriter: " << err.what() << '\n';
    return exit_status::failure;
  }
}
