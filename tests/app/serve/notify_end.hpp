#pragma once

#include <string>

namespace onewriter::test {

/// The end of a service manager: a unix datagram socket that a service tells
/// how it is.
class notify_end {
public:
  /// `address` is a path, or `@` and the name of an abstract socket. Throws
  /// `std::runtime_error`.
  explicit notify_end(std::string address);

  notify_end(const notify_end&) = delete;

  notify_end& operator=(const notify_end&) = delete;

  ~notify_end();

  /// What `NOTIFY_SOCKET` has to be.
  const std::string& address() const {
    return address_;
  }

  /// Returns the next message; "nothing" where none comes within a minute.
  std::string next();

  /// The same, without signs of life for a watchdog.
  std::string next_change();

  /// Removes the messages that have come. Returns how many there were.
  int drain();

private:
  std::string receive(int limit_ms);

  std::string address_;
  int socket_;
};

} // namespace onewriter::test
