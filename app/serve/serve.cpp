#include "app/serve/serve.hpp"

#include "app/core/run_failure.hpp"
#include "app/serve/log_file_check.hpp"
#include "app/serve/service.hpp"

#include <iostream>
#include <memory>

#include <unistd.h>

namespace onewriter::node {

int run_serve(serve_config& cfg, const serve_request& asked) {
  auto log = std::make_shared<service_log>();
  auto& settings = cfg.service().log;
  auto problem = problem_of_log_file(settings.file, asked.files);
  if (problem.empty())
    problem = log->configure(settings);
  if (!problem.empty()) {
    std::cerr << "onewriter: " << problem << '\n';
    return exit_status::bad_arguments;
  }
  service_events events{[log] {
    log->warning("ends at once");
    ::_exit(exit_status::interrupted);
  }};
  caf::actor_system sys{cfg};
  return service{sys, cfg, asked, log, events}.run();
}

} // namespace onewriter::node
