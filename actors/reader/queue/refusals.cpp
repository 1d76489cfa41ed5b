#include "actors/reader/queue/refusals.hpp"

#include "onewriter/failure.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace onewriter {

namespace {

constexpr auto shortest_retry = std::chrono::milliseconds{100};

caf::error overloaded(std::string message, std::chrono::nanoseconds retry) {
  failure what;
  what.message = std::move(message);
  what.retry_after = retry;
  return make_failure(ec::overloaded, std::move(what));
}

} // namespace

caf::error too_many_queries(size_t waiting, std::chrono::nanoseconds wait) {
  return overloaded(std::to_string(waiting)
                      + " queries wait for a reader already",
                    std::max<std::chrono::nanoseconds>(wait, shortest_retry));
}

caf::error too_many_cursors(size_t open) {
  return overloaded(std::to_string(open)
                      + " cursors are open already: close one of them",
                    shortest_retry);
}

caf::error too_much_maintenance(size_t waiting) {
  return overloaded(std::to_string(waiting)
                      + " backups and integrity checks wait already",
                    std::chrono::seconds{1});
}

caf::error expired_while_waiting() {
  return make_failure(ec::deadline_exceeded,
                      "the deadline passed while the request waited");
}

} // namespace onewriter
