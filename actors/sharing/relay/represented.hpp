#pragma once

#include "actors/sharing/relay/stand_in.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/protocol.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace onewriter {

/// The actors of another system that an actor has replaced in messages, each by
/// one of its own system. They end with this object. Belongs to the actor,
/// which tells it when one that it watches has ended.
class represented {
public:
  represented() = default;

  represented(const represented&) = delete;

  represented& operator=(const represented&) = delete;

  ~represented() {
    for (auto& [whom, stand_in] : listeners_)
      caf::anon_send_exit(stand_in, caf::exit_reason::user_shutdown);
    for (auto& cursor : cursors_)
      caf::anon_send_exit(cursor, caf::exit_reason::user_shutdown);
  }

  /// Replaces the actors in `x`. `watch` is called with each that is new.
  template <class T, class F>
  void replace(caf::actor_system&, T&, F) {
    // nop: has no actors
  }

  template <class F>
  void replace(caf::actor_system& sys, chunked_index& x, F watch) {
    replace_listener(sys, x.listener, watch);
  }

  template <class F>
  void replace(caf::actor_system& sys, subscribe& x, F watch) {
    replace_listener(sys, x.listener, watch);
  }

  template <class F>
  void replace(caf::actor_system& sys, unsubscribe& x, F watch) {
    replace_listener(sys, x.listener, watch);
  }

  template <class F>
  void replace(caf::actor_system& sys, backup& x, F watch) {
    replace_listener(sys, x.listener, watch);
  }

  template <class F>
  void replace(caf::actor_system& sys, cursor_actor& x, F watch) {
    x = spawn_stand_in(sys, x);
    watch(x);
    cursors_.push_back(x);
  }

  bool has_listeners() const {
    return !listeners_.empty();
  }

  void went_down(const caf::actor_addr& who) {
    listeners_.erase(who);
    auto found = std::find_if(cursors_.begin(), cursors_.end(),
                              [&](auto& x) { return x.address() == who; });
    if (found != cursors_.end())
      cursors_.erase(found);
  }

private:
  template <class F>
  void replace_listener(caf::actor_system& sys, caf::actor& listener, F watch) {
    if (!listener)
      return;
    auto& known = listeners_[listener.address()];
    if (!known) {
      watch(listener);
      known = spawn_stand_in(sys, listener);
    }
    listener = known;
  }

  std::map<caf::actor_addr, caf::actor> listeners_;
  std::vector<cursor_actor> cursors_;
};

} // namespace onewriter
