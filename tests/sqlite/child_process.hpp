#pragma once

#include <cstdio>
#include <exception>
#include <functional>
#include <string>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace onewriter::test {

/// One end of a conversation between a process and its child.
class talk_end {
public:
  explicit talk_end(int socket) : socket_{socket} {
    // nop
  }

  /// Sends text; nothing happens where the other end is gone.
  void tell(const std::string& text = "on") {
    static_cast<void>(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL)
                      > 0);
  }

  /// Blocks until the other end sends something, which is returned, or is gone.
  std::string wait() {
    char buf[256];
    auto size = ::recv(socket_, buf, sizeof buf, 0);
    return std::string(buf, size > 0 ? static_cast<size_t>(size) : 0);
  }

  void close() {
    ::close(socket_);
  }

private:
  int socket_;
};

/// Runs a function in a child process. The child must not use Catch2, leaves
/// without running destructors of its parent's, and ends where the function
/// throws. No database may be open
/// when it starts: SQLite does not survive a fork
/// (https://sqlite.org/howtocorrupt.html#_carrying_an_open_database_connection_across_a_fork_).
class child_process {
public:
  explicit child_process(const std::function<void(talk_end& parent)>& body) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
      return;
    auto parent = talk_end{ends[0]};
    child_ = talk_end{ends[1]};
    pid_ = ::fork();
    if (pid_ == 0) {
      child_.close();
      try {
        body(parent);
      } catch (const std::exception& ex) {
        std::fprintf(stderr, "a child process failed: %s\n", ex.what());
        ::_exit(1);
      }
      ::_exit(0);
    }
    parent.close();
  }

  child_process(const child_process&) = delete;

  child_process& operator=(const child_process&) = delete;

  ~child_process() {
    end();
  }

  pid_t pid() const {
    return pid_;
  }

  void tell(const std::string& text = "on") {
    child_.tell(text);
  }

  /// Blocks for text of the child; empty if it ends without sending any.
  std::string wait() {
    return child_.wait();
  }

  /// Tells the child to go on, and waits until it has ended. Returns how, as
  /// `waitpid` does.
  int end() {
    if (pid_ <= 0)
      return status_;
    child_.tell();
    child_.close();
    ::waitpid(pid_, &status_, 0);
    pid_ = 0;
    return status_;
  }

private:
  pid_t pid_ = 0;
  int status_ = 0;
  talk_end child_{-1};
};

/// Returns what `body` returns in a child process.
inline std::string in_child(const std::function<std::string()>& body) {
  auto child = child_process{[&](talk_end& parent) {
    parent.tell(body());
  }};
  return child.wait();
}

} // namespace onewriter::test
