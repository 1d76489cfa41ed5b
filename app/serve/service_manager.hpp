#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace onewriter::node {

/// The program that has started this process as a service, and wants to know
/// how it is: systemd, or another that speaks its protocol
/// (https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html).
/// Any thread may call any function.
class service_manager {
public:
  /// `socket` is the path of a unix datagram socket, or `@` and the name of an
  /// abstract one; empty means that there is no manager. A `watchdog` above
  /// zero is how long the manager waits for a sign of life.
  service_manager(std::string socket, std::chrono::microseconds watchdog);

  /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`. To be called
  /// before there are threads.
  static service_manager from_environment();

  /// Whether there is a manager.
  bool is_there() const {
    return !socket_.empty();
  }

  /// Sends assignments such as `READY=1`, separated by line breaks. Waits for
  /// at most a second. Returns why they could not be sent; an empty text where
  /// they were, and where there is no manager.
  std::string tell(const std::string& assignments) const;

  /// How long the manager waits for `WATCHDOG=1`; nothing where it does not.
  std::optional<std::chrono::microseconds> watchdog() const;

  // -- what can be told --------------------------------------------------------

  static std::string ready(const std::string& status);

  /// To be followed by `ready`.
  static std::string reloading();

  /// `limit` is how long the end may take.
  static std::string stopping(std::chrono::microseconds limit);

  static constexpr char alive[] = "WATCHDOG=1";

private:
  std::string socket_;
  std::chrono::microseconds watchdog_;
};

} // namespace onewriter::node
