#include "app/serve/service_manager.hpp"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

std::string environment(const char* name) {
  auto found = std::getenv(name);
  return found == nullptr ? std::string{} : std::string{found};
}

// The whole of `text` as a number; nothing where it is none.
std::optional<int64_t> whole_number(std::string_view text) {
  int64_t result = 0;
  auto end = text.data() + text.size();
  auto [rest, problem] = std::from_chars(text.data(), end, result);
  if (text.empty() || problem != std::errc{} || rest != end)
    return std::nullopt;
  return result;
}

/// Closes a file descriptor in the end.
class open_socket {
public:
  explicit open_socket(int file) : file_{file} {
    // nop
  }

  open_socket(const open_socket&) = delete;

  open_socket& operator=(const open_socket&) = delete;

  ~open_socket() {
    if (file_ >= 0)
      ::close(file_);
  }

  int get() const {
    return file_;
  }

private:
  int file_;
};

std::string reason(const char* what) {
  return std::string{what} + ": " + std::strerror(errno);
}

} // namespace

service_manager::service_manager(std::string socket,
                                 std::chrono::microseconds watchdog)
  : socket_{std::move(socket)},
    watchdog_{watchdog} {
  // nop
}

service_manager service_manager::from_environment() {
  auto period = whole_number(environment("WATCHDOG_USEC")).value_or(0);
  // The watchdog of a parent process is not for this one.
  auto whom = environment("WATCHDOG_PID");
  if (!whom.empty() && whole_number(whom) != ::getpid())
    period = 0;
  return {environment("NOTIFY_SOCKET"), std::chrono::microseconds{period}};
}

std::string service_manager::tell(const std::string& assignments) const {
  if (!is_there())
    return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() >= sizeof address.sun_path
      || (socket_.front() != '/' && socket_.front() != '@'))
    return "NOTIFY_SOCKET is no socket of this machine: " + socket_;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@')
    address.sun_path[0] = '\0';
  // An abstract name has no end mark: all bytes count.
  auto size
    = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  open_socket end{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (end.get() < 0)
    return reason("cannot create a socket");
  timeval limit{1, 0};
  ::setsockopt(end.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::sendto(end.get(), assignments.data(), assignments.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address), size)
      < 0)
    return reason("cannot reach the service manager");
  return {};
}

std::optional<std::chrono::microseconds> service_manager::watchdog() const {
  if (!is_there() || watchdog_.count() <= 0)
    return std::nullopt;
  return watchdog_;
}

std::string service_manager::ready(const std::string& status) {
  return "READY=1\nSTATUS=" + status;
}

std::string service_manager::reloading() {
  // Type=notify-reload compares the time with that of its signal.
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  auto us = static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
  return "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(us);
}

std::string service_manager::stopping(std::chrono::microseconds limit) {
  return "STOPPING=1\nSTATUS=committing what waits\nEXTEND_TIMEOUT_USEC="
         + std::to_string(limit.count());
}

} // namespace onewriter::node
