#pragma once

#include "actors/database/admission/deferred_requests.hpp"
#include "actors/database/admission/request_problems.hpp"
#include "actors/database/database_children.hpp"
#include "actors/database/lifecycle/lifecycle.hpp"
#include "actors/database/write_outbox.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <type_traits>
#include <utility>

namespace onewriter {

/// Passes requests on to the actor that answers them, behind the writes that
/// came before; without that actor they wait for it. Belongs to the database
/// actor.
class request_router {
public:
  using clock = deferred_requests::clock;

  request_router(const database_context& context, const lifecycle& life,
                 const database_children& children, write_outbox& writes)
    : context_{context},
      life_{life},
      children_{children},
      writes_{writes} {
    // nop
  }

  /// Passes the current request `what` on to `target`, one of the handles of
  /// the children. Errors: those of `problem_of`, and the reason why the
  /// database accepts none.
  template <class Reply, class Target, class Request>
  caf::result<Reply>
  route(const Target& (database_children::*target)() const, Request& what) {
    return answered(context_.self,
                    [&] { return try_to_route<Reply>(target, what); });
  }

  /// Passes on what waits, once all actors that it may be for are there.
  void run_deferred();

  /// Requests that wait.
  deferred_requests& deferred() {
    return deferred_;
  }

private:
  template <class Reply, class Target, class Request>
  caf::result<Reply> try_to_route(const Target& (database_children::*target)()
                                    const,
                                  Request& what);

  bool is_there(const reader_pool_actor& readers) const {
    return life_.can_read() && readers;
  }

  template <class Actor>
  bool is_there(const Actor& whom) const {
    return life_.is_open() && whom;
  }

  template <class Request>
  clock::time_point expiry_if_any(const Request& what) const;

  const database_context& context_;
  const lifecycle& life_;
  const database_children& children_;
  write_outbox& writes_;
  deferred_requests deferred_;
};

template <class Reply, class Target, class Request>
caf::result<Reply>
request_router::try_to_route(const Target& (database_children::*target)() const,
                             Request& what) {
  if (auto err = life_.unavailability(); err != caf::none)
    return err;
  if (auto err = problem_of(what); err != caf::none)
    return err;
  writes_.flush();
  if (is_there((children_.*target)()))
    return compat::delegate(context_.self, (children_.*target)(),
                            std::move(what));
  auto promise = compat::make_promise<Reply>(context_.self);
  auto expires = expiry_if_any(what);
  auto run = [this, target, promise,
              what = std::move(what)](const caf::error& reason) {
    auto reply = promise;
    if (reason != caf::none)
      reply.deliver(reason);
    else
      reply.delegate((children_.*target)(), what);
  };
  deferred_.push(std::move(run), expires);
  return promise;
}

// Returns when a request expires that waits for its target.
template <class Request>
request_router::clock::time_point
request_router::expiry_if_any(const Request& what) const {
  constexpr auto is_query = std::is_same_v<Request, query>;
  constexpr auto is_search = std::is_same_v<Request, search>;
  auto now = clock::now();
  auto otherwise = context_.opts->query_deadline;
  if constexpr (is_query || is_search)
    return expiry_of(now, what.deadline, otherwise);
  else if constexpr (std::is_same_v<Request, open_cursor>)
    return expiry_of(now, what.what.deadline, otherwise);
  else if constexpr (std::is_same_v<Request, list_dead_letters>)
    return expiry_of(now, std::chrono::nanoseconds{0}, otherwise);
  else
    return clock::time_point::max();
}

inline void request_router::run_deferred() {
  if (life_.is_open() && children_.readers() && children_.indexer())
    deferred_.run_all({});
}

} // namespace onewriter
