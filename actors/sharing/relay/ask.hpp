#pragma once

#include "messages/compat/crossing.hpp"
#include "onewriter/compat/messaging.hpp"

#include <type_traits>
#include <utility>

namespace onewriter {

/// Sends the request `what` from `self` to `target`, of any actor system of the
/// process. Calls `replied`, with the reply if it has content, or `failed` with
/// the error.
template <class Reply, class Self, class Handle, class Request, class F,
          class G>
void ask(Self self, const Handle& target, Request&& what, F replied, G failed) {
  compat::crossing border{self};
  auto response
    = compat::request(self, target, caf::infinite, std::forward<Request>(what));
  auto on_error = [failed](caf::error& err) mutable {
    failed(err);
  };
  if constexpr (std::is_void_v<Reply>)
    std::move(response).then([replied]() mutable { replied(); }, on_error);
  else
    std::move(response).then([replied](Reply& x) mutable { replied(x); },
                             on_error);
}

} // namespace onewriter
