// The shell as a person sees it, in a terminal.
#include "tests/app/commands/command_fixture.hpp"

#include "actors/console/stop_signal.hpp"

#include <chrono>

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;

namespace {

/// A command of the program in a terminal of its own, in a child process. Must
/// be made before the test has threads.
class terminal_process {
public:
  explicit terminal_process(const std::vector<std::string>& words,
                            const std::string& state_folder) {
    winsize size{24, 80, 0, 0};
    pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
    if (pid_ != 0)
      return;
    ::setenv("TERM", "xterm", 1);
    ::setenv("XDG_STATE_HOME", state_folder.c_str(), 1);
    ::_exit(run(words));
  }

  terminal_process(const terminal_process&) = delete;

  terminal_process& operator=(const terminal_process&) = delete;

  ~terminal_process() {
    end(true);
    ::close(terminal_);
  }

  void type(const std::string& keys) {
    auto count = ::write(terminal_, keys.data(), keys.size());
    CHECK(count == static_cast<ssize_t>(keys.size()));
  }

  /// Reads until `text` has come behind what was read before. Returns whether
  /// it did within 30 s.
  bool sees(const std::string& text) {
    auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    for (;;) {
      auto found = screen_.find(text, seen_);
      if (found != screen_.npos) {
        seen_ = found + text.size();
        return true;
      }
      pollfd what{terminal_, POLLIN, 0};
      char buf[4096];
      if (std::chrono::steady_clock::now() > limit
          || ::poll(&what, 1, 1'000) < 0)
        return false;
      auto count = what.revents != 0 ? ::read(terminal_, buf, sizeof buf) : 0;
      if (count < 0)
        return false;
      screen_.append(buf, static_cast<size_t>(count));
    }
  }

  /// Types `key` until the process has closed the terminal, and returns its
  /// exit status. Once is not enough where the prompt is there and the terminal
  /// does not pass on control characters yet.
  int end_with(const std::string& key) {
    char buf[4096];
    for (auto i = 0; i < 100; ++i) {
      static_cast<void>(::write(terminal_, key.data(), key.size()) > 0);
      pollfd what{terminal_, POLLIN, 0};
      // Until it is quiet for a while.
      while (::poll(&what, 1, 300) > 0) {
        auto count = ::read(terminal_, buf, sizeof buf);
        if (count < 0)
          return end();
        screen_.append(buf, static_cast<size_t>(count));
      }
    }
    return end(true);
  }

  /// All that was printed.
  const std::string& screen() const {
    return screen_;
  }

  /// The exit status; -1 where a signal has ended the process.
  int end(bool by_force = false) {
    if (pid_ <= 0)
      return status_;
    if (by_force)
      ::kill(pid_, SIGKILL);
    auto found = 0;
    ::waitpid(std::exchange(pid_, 0), &found, 0);
    status_ = WIFEXITED(found) ? WEXITSTATUS(found) : -1;
    return status_;
  }

private:
  static int run(const std::vector<std::string>& words) {
    auto what = node::parse_arguments(words);
    signal_shield shield;
    node::node_config cfg;
    node::set_command_defaults(cfg.database);
    if (!what.problem.empty() || !cfg.read(std::move(what.system)).empty())
      return 99;
    return node::run_command(cfg, what.run);
  }

  int terminal_ = -1;
  pid_t pid_ = 0;
  int status_ = -1;
  std::string screen_;
  size_t seen_ = 0;
};

constexpr const char* interrupt_key = "\x03";
constexpr const char* end_key = "\x04";
constexpr const char* prompt = "onewriter> ";

// The endless statement runs, or is about to, when the first has printed its
// row.
constexpr const char* endless = "SELECT 40 + 2 AS x; WITH RECURSIVE n(i) AS "
                                "(SELECT 1 UNION ALL SELECT i + 1 "
                                "FROM n) SELECT count(*) FROM n;\r";

} // namespace

TEST_CASE_METHOD(command_fixture, "a person types into a shell") {
  exec("CREATE TABLE item(name, price)");
  terminal_process shell{{"shell", file}, folder.path()};
  INFO(shell.screen());
  REQUIRE(shell.sees(prompt));
  shell.type("INSERT INTO item\r");
  REQUIRE(shell.sees("...> "));
  shell.type("VALUES('tea', 450);\r");
  REQUIRE(shell.sees("1 row changed, last rowid 1, commit "));
  shell.type("SELECT name, price FROM item;\r");
  REQUIRE(shell.sees("name"));
  REQUIRE(shell.sees("tea "));
  // An error ends nothing.
  shell.type("SELECT * FROM nowhere;\r");
  REQUIRE(shell.sees("invalid_sql: no such table: nowhere"));
  REQUIRE(shell.sees(prompt));
  CHECK(shell.end_with(end_key) == 0);
  CHECK_FALSE(exists(file + "-wal"));
}

TEST_CASE_METHOD(command_fixture, "Ctrl-D within a statement runs nothing") {
  exec("CREATE TABLE t(a)");
  terminal_process shell{{"shell", file}, folder.path()};
  REQUIRE(shell.sees(prompt));
  shell.type("INSERT INTO t VALUES(1)\r");
  REQUIRE(shell.sees("...> "));
  CHECK(shell.end_with(end_key) == 1);
  CHECK(has(shell.screen(), "the input ends within a statement, which was not "
                            "run"));
  CHECK(rows("SELECT count(*) FROM t") == "0\n");
}

TEST_CASE_METHOD(command_fixture, "Ctrl-C gives up a line of the shell") {
  exec("CREATE TABLE t(a)");
  terminal_process shell{{"shell", file}, folder.path()};
  REQUIRE(shell.sees(prompt));
  shell.type("SELECT 'never\r");
  REQUIRE(shell.sees("...> "));
  shell.type(interrupt_key);
  REQUIRE(shell.sees("^C"));
  REQUIRE(shell.sees(prompt));
  shell.type("SELECT 40 + 2 AS answer;\r");
  REQUIRE(shell.sees("42"));
  CHECK(shell.end_with(".quit\r") == 0);
}

TEST_CASE_METHOD(command_fixture, "Ctrl-C gives up a statement of the shell") {
  exec("CREATE TABLE t(a)");
  terminal_process shell{{"shell", file}, folder.path()};
  REQUIRE(shell.sees(prompt));
  shell.type(endless);
  REQUIRE(shell.sees("42"));
  shell.type(interrupt_key);
  REQUIRE(shell.sees(prompt));
  shell.type("SELECT 7 * 11 AS answer;\r");
  REQUIRE(shell.sees("77"));
}

#if __has_include(<histedit.h>)

TEST_CASE_METHOD(command_fixture, "a shell remembers lines") {
  exec("CREATE TABLE t(a)");
  {
    terminal_process shell{{"shell", file}, folder.path()};
    REQUIRE(shell.sees(prompt));
    shell.type("SELECT 40 + 2 AS answer;\r");
    REQUIRE(shell.sees("42"));
    REQUIRE(shell.sees(prompt));
    CHECK(shell.end_with(end_key) == 0);
  }
  CHECK(content_of(folder.file("onewriter/history"))
        == "SELECT 40 + 2 AS answer;\n");
  terminal_process shell{{"shell", file}, folder.path()};
  REQUIRE(shell.sees(prompt));
  // The last line comes back, and its last digit is changed.
  shell.type("\x1b[A");
  REQUIRE(shell.sees("SELECT 40 + 2 AS answer;"));
  shell.type("\x01"
             "SELECT 7 * 11; \r");
  REQUIRE(shell.sees("77"));
  REQUIRE(shell.sees("42"));
  CHECK(shell.end_with(".quit\r") == 0);
}

#endif
