#include "actors/sharing/database_link.hpp"

#include "actors/sharing/relay/home_actor.hpp"
#include "actors/sharing/relay/represented.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/crossing.hpp"
#include "onewriter/compat/messaging.hpp"

#include <chrono>
#include <utility>

namespace onewriter {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto ping_interval = std::chrono::milliseconds{500};

/// Longer than an owner is busy elsewhere on a loaded machine.
constexpr auto most_silence = std::chrono::seconds{2};

/// The owner is told early, so that it goes on sending.
constexpr uint64_t bytes_per_ping = 1024 * 1024;

class database_link_state {
public:
  explicit database_link_state(link_actor::pointer self) : self_{self} {
    // nop
  }

  link_actor::behavior_type make_behavior(const caf::actor& session,
                                          shared_core_actor user) {
    session_ = session;
    user_ = std::move(user);
    watch(session_);
    check();
    return {
      [this](request_batch& x) { pass(x); },
      [this](reply_batch& x) { pass(x); },
      [this](relay_pong) { heard(); },
      [this](flush_batch) { check(); },
    };
  }

  static inline const char* name = "onewriter.link";

private:
  void pass(request_batch& what) {
    for (auto& x : what.others)
      replace_actors<chunked_index>(x.content)
        || replace_actors<subscribe>(x.content)
        || replace_actors<unsubscribe>(x.content)
        || replace_actors<backup>(x.content);
    compat::send_across(self_, session_, std::move(what));
  }

  void pass(reply_batch& what) {
    heard();
    for (auto& x : what.others)
      replace_actors<cursor_actor>(x.content);
    taken_ += what.bytes;
    compat::send_across(self_, user_, std::move(what));
    if (taken_ - told_ >= bytes_per_ping)
      ping();
  }

  template <class T>
  bool replace_actors(caf::message& content) {
    if (!content.match_elements<T>())
      return false;
    actors_.replace(self_->home_system(), content.get_mutable_as<T>(0),
                    [this](const auto& whom) { watch(whom); });
    return true;
  }

  // -- the owner -----------------------------------------------------------------

  void ping() {
    told_ = taken_;
    compat::send_across(self_, session_, relay_ping{taken_});
  }

  void check() {
    if (clock::now() - last_heard_ > most_silence
        && !std::exchange(is_silent_, true))
      compat::send_across(self_, user_, owner_silent{});
    ping();
    must_send_later(self_, link_actor{self_}, ping_interval, flush_batch{true});
  }

  void heard() {
    last_heard_ = clock::now();
    if (std::exchange(is_silent_, false))
      compat::send_across(self_, user_, owner_heard{});
  }

  template <class Handle>
  void watch(const Handle& whom) {
    compat::watch(self_, whom,
                  [this](const caf::actor_addr& who, const caf::error&) {
                    went_down(who);
                  });
  }

  void went_down(const caf::actor_addr& who) {
    if (who == session_.address())
      return self_->quit(caf::exit_reason::user_shutdown);
    actors_.went_down(who);
  }

  link_actor::pointer self_;
  caf::actor session_;
  shared_core_actor user_;
  represented actors_;
  // Bytes of replies, and how many of them the owner knows of.
  uint64_t taken_ = 0;
  uint64_t told_ = 0;
  clock::time_point last_heard_ = clock::now();
  bool is_silent_ = false;
};

} // namespace

link_actor spawn_database_link(caf::actor_system& sys,
                               const caf::actor& session,
                               shared_core_actor user) {
  using actor = home_actor<link_actor::base, database_link_state>;
  return sys.spawn<actor>(session, std::move(user));
}

} // namespace onewriter
