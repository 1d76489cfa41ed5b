#include "app/demo/core/reporter.hpp"

#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::node {

namespace {

constexpr auto interval = std::chrono::milliseconds{200};
constexpr size_t most_samples = 1'000;

} // namespace

void reporter::done(activity what, clock::time_point started, stage then,
                    stage now) {
  auto when = then == now ? now : stage::unmeasured;
  pending_.samples.push_back({what, when, clock::now() - started});
  flush_if_due();
}

void reporter::sent(activity what) {
  ++pending_.uncounted[static_cast<size_t>(what)];
}

void reporter::failed(activity what, const caf::error& why) {
  pending_.failures.push_back({what, code_of(why), describe(why)});
  flush_if_due();
}

void reporter::flush() {
  last_ = clock::now();
  compat::anon_send(to_, std::exchange(pending_, {}));
}

void reporter::flush_if_due() {
  auto count = pending_.samples.size() + pending_.failures.size();
  if (count >= most_samples || clock::now() - last_ >= interval)
    flush();
}

std::chrono::nanoseconds pause_after(const caf::error& why) {
  constexpr std::chrono::nanoseconds least = std::chrono::milliseconds{100};
  auto hint = failure_of(why).retry_after;
  if (advice_of(code_of(why)) == advice::give_up)
    return std::chrono::seconds{1};
  return std::max(hint, least);
}

} // namespace onewriter::node
