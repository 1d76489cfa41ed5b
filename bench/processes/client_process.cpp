#include "bench/processes/client_process.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

// How long a process may be silent.
constexpr int patience_ms = 60'000;

constexpr size_t reports_at_once = 1'024;

[[noreturn]] void fail_to(const char* what, int error_number) {
  throw std::system_error{error_number, std::generic_category(), what};
}

struct pipe_ends {
  pipe_ends() {
    if (::pipe2(fds, O_CLOEXEC) != 0)
      fail_to("pipe", errno);
  }

  ~pipe_ends() {
    for (auto fd : fds)
      if (fd >= 0)
        ::close(fd);
  }

  int take(size_t index) {
    return std::exchange(fds[index], -1);
  }

  int fds[2];
};

// Signals that end the benchmark are for this process alone.
pid_t spawn_this_program(std::vector<std::string> words, int input,
                         int output) {
  words.insert(words.begin(), "onewriter-bench");
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t result = -1;
  auto err = posix_spawn(&result, "/proc/self/exe", &actions, nullptr,
                         argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (err != 0)
    fail_to("a client process cannot be started", err);
  return result;
}

} // namespace

client_process::client_process(const process_orders& orders) {
  pipe_ends to;
  pipe_ends from;
  pid_ = spawn_this_program(to_words(orders), to.fds[0], from.fds[1]);
  input_ = to.take(1);
  output_ = from.take(0);
  ::close(from.take(1));
  auto is_ready = false;
  listen([&](const reported_write&) {
    is_ready = true;
    return false;
  });
  if (!is_ready) {
    kill();
    throw std::runtime_error{"a client process has failed before the start"};
  }
}

client_process::~client_process() {
  if (pid_ > 0)
    kill();
  stop();
  ::close(output_);
}

void client_process::start() {
  if (::write(input_, "s", 1) != 1)
    fail_to("a client process cannot be told to start", errno);
}

void client_process::listen(
  const std::function<bool(const reported_write&)>& seen) {
  reported_write reports[reports_at_once];
  auto data = reinterpret_cast<char*>(reports);
  size_t filled = 0;
  for (;;) {
    pollfd what{output_, POLLIN, 0};
    if (::poll(&what, 1, patience_ms) == 0)
      throw std::runtime_error{"a client process does not go on"};
    auto size = ::read(output_, data + filled, sizeof reports - filled);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return;
    filled += static_cast<size_t>(size);
    auto whole = filled / sizeof(reported_write);
    for (size_t i = 0; i < whole; ++i)
      if (!seen(reports[i]))
        return;
    filled -= whole * sizeof(reported_write);
    std::copy_n(data + whole * sizeof(reported_write), filled, data);
  }
}

void client_process::stop() {
  if (input_ >= 0)
    ::close(std::exchange(input_, -1));
}

void client_process::end() {
  stop();
  auto status = wait();
  if (status != 0)
    throw std::runtime_error{"a client process failed, status "
                             + std::to_string(status)};
}

void client_process::kill() {
  ::kill(pid_, SIGKILL);
  wait();
}

int client_process::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR)
    continue;
  pid_ = -1;
  return status;
}

void record(const reported_write& what, size_t client, recorder& to) {
  auto at = [](int64_t ns) {
    return clock::time_point{std::chrono::duration_cast<clock::duration>(
      std::chrono::nanoseconds{ns})};
  };
  to.acknowledged(client, what.first, what.count, at(what.sent_ns),
                  at(what.now_ns));
}

uint64_t record_reports(client_process& from, size_t client, recorder& to) {
  uint64_t replies = 0;
  from.listen([&](const reported_write& x) {
    for (uint64_t i = 0; x.count == 0 && i < x.first; ++i)
      to.refused();
    if (x.count > 0) {
      ++replies;
      record(x, client, to);
    }
    return true;
  });
  return replies;
}

} // namespace onewriter::bench
