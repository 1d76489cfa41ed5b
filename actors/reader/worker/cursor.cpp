#include "actors/reader/worker/cursor.hpp"

#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

namespace {

using front_actor
  = compat::handle<compat::joined_trait<cursor_trait, cursor_core_trait>>;

class cursor_state {
public:
  explicit cursor_state(front_actor::pointer self) : self_{self} {
    // nop
  }

  ~cursor_state() {
    release();
  }

  front_actor::behavior_type make_behavior(sqlite_cursor_actor owner) {
    owner_ = std::move(owner);
    return {
      [this](next_page what) { return read(what); },
      [this](close_cursor what) { return close(what); },
      [this](cursor_ended& what) {
        reason_ = std::move(what.reason);
        release();
      },
    };
  }

  static inline const char* name = "onewriter.cursor";

private:
  caf::result<cursor_page> read(next_page what) {
    if (!owner_)
      return reason_;
    return compat::delegate(self_, owner_, what);
  }

  caf::result<void> close(close_cursor what) {
    if (!owner_)
      return {};
    return compat::delegate(self_, owner_, what);
  }

  // Without a sender: the actor that drops the last handle may be running this.
  void release() {
    if (owner_)
      compat::anon_send(owner_, release_cursor{});
    owner_ = nullptr;
  }

  front_actor::pointer self_;
  // Empty once the cursor has ended.
  sqlite_cursor_actor owner_;
  // The reason for its end.
  caf::error reason_;
};

front_actor::behavior_type
cursor(front_actor::stateful_pointer<cursor_state> self,
       sqlite_cursor_actor owner) {
  return compat::state(self).make_behavior(std::move(owner));
}

} // namespace

cursor_actor spawn_cursor(caf::actor_system& sys, sqlite_cursor_actor owner) {
  return sys.spawn<caf::hidden>(cursor, std::move(owner));
}

} // namespace onewriter
