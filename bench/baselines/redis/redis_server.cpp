#include "bench/baselines/redis/redis_server.hpp"

#include "bench/baselines/redis/redis_connection.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onewriter::bench {

namespace {

// Runs in the child of a process that may have many threads: nothing here
// allocates.
[[noreturn]] void become(char* const* arguments, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // Signals of the user are for this program, not for the server.
  ::setsid();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  auto nowhere = ::open("/dev/null", O_RDWR);
  for (auto stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::dup2(nowhere, stream);
  if (::getppid() == parent)
    ::execv(arguments[0], arguments);
  ::_exit(127);
}

bool answers(const std::string& socket) {
  try {
    redis_connection{socket}.ask({"PING"});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

} // namespace

std::string find_redis_server() {
  auto path = std::getenv("PATH");
  std::istringstream folders{path == nullptr ? "" : path};
  for (std::string folder; std::getline(folders, folder, ':');) {
    auto candidate = folder + "/redis-server";
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return {};
}

// -- redis_server ---------------------------------------------------------------

redis_server::redis_server(const options& opts)
  : folder_{std::filesystem::absolute(opts.path).parent_path().string(),
            "redis"} {
  start(opts.synchronous);
  wait_until_ready();
}

redis_server::process::~process() {
  if (id <= 0)
    return;
  ::kill(id, SIGTERM);
  ::waitpid(id, nullptr, 0);
}

void redis_server::start(enum synchronous durability) {
  auto sync = durability == synchronous::full ? "always" : "everysec";
  std::vector<std::string> words{find_redis_server(),
                                 "--port",
                                 "0",
                                 "--unixsocket",
                                 socket(),
                                 "--dir",
                                 folder_.path(),
                                 "--save",
                                 "",
                                 "--appendonly",
                                 "yes",
                                 "--appendfsync",
                                 sync};
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& x : words)
    arguments.push_back(x.data());
  arguments.push_back(nullptr);
  auto parent = ::getpid();
  process_.id = ::fork();
  if (process_.id == 0)
    become(arguments.data(), parent);
  if (process_.id < 0)
    throw std::system_error{errno, std::generic_category(), "fork"};
}

void redis_server::wait_until_ready() {
  using clock = std::chrono::steady_clock;
  auto end = clock::now() + std::chrono::seconds{10};
  while (!answers(socket())) {
    if (::waitpid(process_.id, nullptr, WNOHANG) == process_.id) {
      process_.id = -1;
      throw std::runtime_error{"redis-server does not start"};
    }
    if (clock::now() > end)
      throw std::runtime_error{"redis-server does not answer"};
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}

} // namespace onewriter::bench
