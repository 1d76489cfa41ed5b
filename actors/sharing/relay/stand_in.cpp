#include "actors/sharing/relay/stand_in.hpp"

#include "actors/core/pending_reply.hpp"
#include "actors/sharing/relay/ask.hpp"
#include "actors/sharing/relay/home_actor.hpp"
#include "messages/compat/crossing.hpp"
#include "onewriter/compat/messaging.hpp"

#include <memory>
#include <utility>

namespace onewriter {

namespace {

template <class Self, class Handle>
void end_with(Self* self, const Handle& whom) {
  compat::watch(self, whom, [self](const caf::actor_addr&, const caf::error&) {
    self->quit(caf::exit_reason::user_shutdown);
  });
}

class listener_stand_in {
public:
  explicit listener_stand_in(caf::event_based_actor* self) : self_{self} {
    // nop
  }

  caf::behavior make_behavior(caf::actor listener) {
    listener_ = std::move(listener);
    end_with(self_, listener_);
    return {
      [this](index_progress& x) { pass(x); },
      [this](backup_progress& x) { pass(x); },
      [this](alert& x) { pass(x); },
    };
  }

  static inline const char* name = "onewriter.listener_stand_in";

private:
  template <class T>
  void pass(T& x) {
    compat::send_across(self_, listener_, std::move(x));
  }

  caf::event_based_actor* self_;
  caf::actor listener_;
};

class cursor_stand_in {
public:
  explicit cursor_stand_in(cursor_actor::pointer self) : self_{self} {
    // nop
  }

  cursor_actor::behavior_type make_behavior(cursor_actor cursor) {
    cursor_ = std::move(cursor);
    end_with(self_, cursor_);
    return {
      [this](next_page& x) { return read(x); },
      [this](close_cursor x) {
        compat::send_across(self_, cursor_, x);
        self_->quit(caf::exit_reason::user_shutdown);
      },
    };
  }

  static inline const char* name = "onewriter.cursor_stand_in";

private:
  caf::result<cursor_page> read(next_page& what) {
    auto reply = std::make_shared<pending_reply>(self_);
    ask<cursor_page>(
      self_, cursor_, what,
      [reply](cursor_page& x) { reply->deliver(std::move(x)); },
      [reply](caf::error& err) { reply->deliver(std::move(err)); });
    return caf::delegated<cursor_page>{};
  }

  cursor_actor::pointer self_;
  cursor_actor cursor_;
};

} // namespace

caf::actor spawn_stand_in(caf::actor_system& sys, const caf::actor& listener) {
  using actor = home_actor<caf::event_based_actor, listener_stand_in>;
  return caf::actor_cast<caf::actor>(sys.spawn<actor>(listener));
}

cursor_actor spawn_stand_in(caf::actor_system& sys,
                            const cursor_actor& cursor) {
  using actor = home_actor<cursor_actor::base, cursor_stand_in>;
  return sys.spawn<actor>(cursor);
}

} // namespace onewriter
