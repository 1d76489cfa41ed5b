#include "tests/app/serve/service_process.hpp"

#include "actors/console/stop_signal.hpp"
#include "app/arguments.hpp"
#include "app/serve/serve.hpp"
#include "onewriter/compat/setup.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

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

/// Sees files of a folder change, from its construction on (inotify(7)).
class folder_watch {
public:
  explicit folder_watch(const std::string& path)
    : file_{::inotify_init1(IN_CLOEXEC)} {
    ::inotify_add_watch(file_, path.c_str(),
                        IN_MODIFY | IN_CREATE | IN_MOVED_TO);
  }

  folder_watch(const folder_watch&) = delete;

  folder_watch& operator=(const folder_watch&) = delete;

  ~folder_watch() {
    ::close(file_);
  }

  /// Returns false where nothing changes for a minute.
  bool wait_for_change() {
    constexpr int minute_ms = 60'000;
    pollfd what{file_, POLLIN, 0};
    if (::poll(&what, 1, minute_ms) <= 0)
      return false;
    char buf[4'096];
    return ::read(file_, buf, sizeof buf) > 0;
  }

private:
  int file_;
};

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

std::chrono::nanoseconds service_process::processor_time() const {
  clockid_t clock = 0;
  timespec result{};
  if (::clock_getcpuclockid(process_.pid(), &clock) != 0
      || ::clock_gettime(clock, &result) != 0)
    throw std::runtime_error("the service has no clock");
  return std::chrono::seconds{result.tv_sec}
         + std::chrono::nanoseconds{result.tv_nsec};
}

int service_process::end() {
  auto status = process_.end();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return std::string(std::istreambuf_iterator<char>{in}, {});
}

int count_in(const std::string& path, const std::string& part) {
  auto text = content_of(path);
  auto result = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

bool wait_for(const std::string& path, const std::string& part, int count) {
  folder_watch watch{std::filesystem::path{path}.parent_path().string()};
  while (count_in(path, part) < count)
    if (!watch.wait_for_change())
      return false;
  return true;
}

std::string config_text(const std::string& group, const std::string& settings) {
  return compat::caf_generation() == "0.17" ? "[" + group + "]\n" + settings
                                            : group + " {\n" + settings + "}\n";
}

} // namespace onewriter::test
