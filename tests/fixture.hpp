#pragma once

#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace onewriter::test {

/// How long a test waits for a reply that must come. Generous, for a machine
/// that does other work or runs a sanitizer: no test is faster for it.
inline constexpr auto patience = std::chrono::seconds{30};

/// An actor system and an actor to ask from, torn down in the right order, and
/// a folder for files.
class fixture {
public:
  temp_folder folder;
  config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys};

  ~fixture() {
    for (auto stop = stops_.rbegin(); stop != stops_.rend(); ++stop)
      (*stop)();
  }

  /// Returns `hdl` after promising to stop it when the test ends, however it
  /// ends: a running actor keeps the destructor of `sys` waiting.
  template <class Handle>
  Handle own(Handle hdl) {
    stops_.push_back(
      [hdl] { caf::anon_send_exit(hdl, caf::exit_reason::user_shutdown); });
    return hdl;
  }

  /// Sends a request and blocks for the reply.
  template <class T, class Handle, class... Ts>
  caf::expected<T> ask(const Handle& dst, Ts&&... xs) {
    return receive<T>(
      compat::request(self, dst, patience, std::forward<Ts>(xs)...));
  }

  /// Blocks for the reply of a request that was sent before.
  template <class T, class Response>
  caf::expected<T> receive(Response response) {
    caf::expected<T> result{caf::make_error(caf::sec::runtime_error)};
    if constexpr (std::is_same_v<T, caf::unit_t>)
      std::move(response).receive([&] { result = caf::unit; },
                                  [&](caf::error& err) { result = err; });
    else
      std::move(response).receive([&](T& x) { result = std::move(x); },
                                  [&](caf::error& err) { result = err; });
    return result;
  }

  /// Blocks until `what` terminates and returns why.
  template <class Handle>
  caf::error wait_for_end(const Handle& what) {
    caf::error reason;
    self->monitor(what);
    self->receive([&](const caf::down_msg& msg) { reason = msg.reason; });
    return reason;
  }

private:
  std::vector<std::function<void()>> stops_;
};

} // namespace onewriter::test
