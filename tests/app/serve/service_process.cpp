#include "tests/app/serve/service_process.hpp"

#include "actors/console/stop_signal.hpp"
#include "app/arguments.hpp"
#include "app/serve/serve.hpp"
#include "onewriter/compat/setup.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include <signal.h>

namespace onewriter::test {

namespace {

int serve(std::vector<std::string> words) {
  signal_shield shield;
  words.insert(words.begin(), "serve");
  auto what = node::parse_arguments(words);
  node::serve_config cfg;
  what.serve.system = what.system;
  auto problem
    = what.problem.empty() ? cfg.read(what.system) : std::move(what.problem);
  if (problem.empty())
    return node::run_serve(cfg, what.serve);
  std::fprintf(stderr, "%s\n", problem.c_str());
  return 2;
}

} // namespace

service_process::service_process(const std::vector<std::string>& words,
                                 const environment& variables, start when)
  : process_{[&](talk_end& parent) {
      if (when == start::when_told)
        parent.wait();
      for (auto& [name, text] : variables)
        ::setenv(name.c_str(), text.c_str(), 1);
      ::_exit(serve(words));
    }} {
  // nop
}

void service_process::go() {
  process_.tell();
}

void service_process::send(int signal) {
  ::kill(process_.pid(), signal);
}

int service_process::end() {
  auto status = process_.end();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return std::string(std::istreambuf_iterator<char>{in}, {});
}

bool wait_for(const std::string& path, const std::string& part, int count) {
  using clock = std::chrono::steady_clock;
  auto limit = clock::now() + std::chrono::minutes{1};
  while (clock::now() < limit) {
    auto text = content_of(path);
    auto found = 0;
    for (auto at = text.find(part); at != text.npos;
         at = text.find(part, at + 1))
      ++found;
    if (found >= count)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

std::string config_text(const std::string& group, const std::string& settings) {
  return compat::caf_generation() == "0.17" ? "[" + group + "]\n" + settings
                                            : group + " {\n" + settings + "}\n";
}

} // namespace onewriter::test
