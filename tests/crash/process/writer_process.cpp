#include "tests/crash/process/writer_process.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace onewriter::test {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Where the process finds its end of the pipe.
constexpr int events_of_child = 3;

[[noreturn]] void fail(const char* what, int error_number) {
  throw std::system_error{error_number, std::generic_category(), what};
}

pid_t spawn_self(std::vector<std::string> words, int events) {
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // The copy stays open in the new program, the original does not.
  posix_spawn_file_actions_adddup2(&actions, events, events_of_child);
  pid_t result = -1;
  auto err = posix_spawn(&result, "/proc/self/exe", &actions, nullptr,
                         argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (err != 0)
    fail("a writer process cannot be started", err);
  return result;
}

} // namespace

std::vector<std::string> to_words(const writer_orders& x) {
  auto result = std::vector<std::string>{
    "--folder=" + x.folder,
    "--writer.outstanding=" + std::to_string(x.outstanding),
    "--writer.limit-ms=" + std::to_string(x.limit_ms),
    "--writer.events=" + std::to_string(x.events),
    "--writer.parent=" + std::to_string(x.parent)};
  if (!x.document.empty())
    result.push_back("--writer.document=" + x.document);
  if (x.keyed)
    result.push_back("--writer.keyed");
  if (x.last)
    result.push_back("--writer.last");
  if (x.checkpoints)
    result.push_back("--writer.checkpoints");
  if (x.tiny)
    result.push_back("--writer.tiny");
  if (x.pinned)
    result.push_back("--writer.pinned");
  return result;
}

writer_process::writer_process(writer_orders orders,
                               const std::vector<std::string>& more) {
  int ends[2];
  // Never 3 themselves: a descriptor that is copied onto itself is closed.
  if (::pipe2(ends, O_CLOEXEC) != 0)
    fail("pipe", errno);
  auto their_end = ::fcntl(ends[1], F_DUPFD_CLOEXEC, events_of_child + 1);
  ::close(ends[1]);
  events_ = ends[0];
  orders.events = events_of_child;
  orders.parent = ::getpid();
  auto words = to_words(orders);
  words.insert(words.begin(), "onewriter_crash_test");
  words.insert(words.end(), more.begin(), more.end());
  pid_ = spawn_self(std::move(words), their_end);
  ::close(their_end);
}

writer_process::~writer_process() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(events_);
}

bool writer_process::listen_until(
  const std::function<bool(const run_record&)>& enough, milliseconds limit) {
  auto deadline = steady_clock::now() + limit;
  while (!enough(record_)) {
    auto end = unread_.find('\n');
    if (end == std::string::npos) {
      if (!read_more(deadline))
        return false;
      continue;
    }
    record_.take(unread_.substr(0, end));
    unread_.erase(0, end + 1);
  }
  return true;
}

bool writer_process::read_more(steady_clock::time_point deadline) {
  auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  pollfd what{events_, POLLIN, 0};
  if (::poll(&what, 1, static_cast<int>(std::max<int64_t>(left.count(), 0)))
      <= 0)
    return false;
  char text[4'096];
  auto size = ::read(events_, text, sizeof text);
  if (size <= 0)
    return false;
  unread_.append(text, static_cast<size_t>(size));
  return true;
}

void writer_process::signal(int number) {
  ::kill(pid_, number);
}

int writer_process::wait(milliseconds limit) {
  // The pipe ends with the process.
  auto never = [](const run_record&) {
    return false;
  };
  auto deadline = steady_clock::now() + limit;
  listen_until(never, limit);
  if (steady_clock::now() >= deadline)
    signal(SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return status;
}

} // namespace onewriter::test
