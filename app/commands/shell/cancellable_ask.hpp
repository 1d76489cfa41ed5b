#pragma once

#include "app/commands/shell/shell_signals.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace onewriter::node {

/// Sends `what` to `whom` and waits for the reply, until it is cancelled:
/// `ec::cancelled`. The request may still be carried out then.
template <class Reply, class Handle, class Request>
caf::expected<Reply> ask_cancellably(caf::actor_system& sys,
                                     shell_signals& signals, const Handle& whom,
                                     Request what) {
  struct answer {
    std::mutex mutex;
    std::optional<caf::expected<Reply>> content;
  };
  auto kept = std::make_shared<answer>();
  auto set = [kept, pipe = signals.pipe()](caf::expected<Reply> x) {
    {
      std::lock_guard<std::mutex> guard{kept->mutex};
      kept->content.emplace(std::move(x));
    }
    pipe->wake();
  };
  auto asker = sys.spawn(
    [set, whom, what = std::move(what)](caf::event_based_actor* self) {
      auto copy = what;
      compat::request(self, whom, caf::infinite, std::move(copy))
        .then([set](Reply& x) { set(std::move(x)); },
              [set](caf::error& err) { set(std::move(err)); });
    });
  for (;;) {
    {
      std::lock_guard<std::mutex> guard{kept->mutex};
      if (kept->content)
        return std::move(*kept->content);
    }
    if (signals.is_cancelled()) {
      caf::anon_send_exit(asker, caf::exit_reason::user_shutdown);
      return make_failure(ec::cancelled, "the statement was cancelled");
    }
    signals.pipe()->wait(-1);
    signals.pipe()->clear();
  }
}

} // namespace onewriter::node
