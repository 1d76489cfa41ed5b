#include "actors/sharing/relay/database_relay.hpp"

#include "actors/core/pending_reply.hpp"
#include "actors/sharing/relay/ask.hpp"
#include "actors/sharing/relay/home_actor.hpp"
#include "actors/sharing/relay/stand_in.hpp"
#include "messages/compat/crossing.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <map>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace onewriter {

namespace {

caf::error refused(const char* why) {
  return make_failure(ec::not_allowed, why);
}

class database_relay_state {
public:
  explicit database_relay_state(database_actor::pointer self) : self_{self} {
    // nop
  }

  database_relay_state(const database_relay_state&) = delete;

  database_relay_state& operator=(const database_relay_state&) = delete;

  ~database_relay_state() {
    for (auto& [whom, stand_in] : listeners_)
      caf::anon_send_exit(stand_in, caf::exit_reason::user_shutdown);
    for (auto& cursor : cursors_)
      caf::anon_send_exit(cursor, caf::exit_reason::user_shutdown);
  }

  database_actor::behavior_type make_behavior(database_actor target,
                                              const caf::actor& user,
                                              relay_limits limits) {
    target_ = std::move(target);
    user_ = user.address();
    limits_ = limits;
    watch(target_);
    if (user)
      watch(user);
    return {
      [this](write& x) { return pass<write_receipt>(x); },
      [this](best_effort& x) { return pass<void>(x); },
      [this](call& x) { return pass<write_receipt>(x); },
      [this](transaction&) { return refuse<write_receipt>(has_function); },
      [this](query& x) { return pass<result_set>(x); },
      [this](open_cursor& x) { return pass<cursor_actor>(x); },
      [this](chunked_index& x) {
        represent(x.listener);
        return pass<index_receipt>(x);
      },
      [this](chunked_job&) { return refuse<job_receipt>(has_function); },
      [this](cancel_index& x) { return pass<void>(x); },
      [this](remove_document& x) { return pass<job_receipt>(x); },
      [this](search& x) { return pass<search_hits>(x); },
      [this](list_dead_letters& x) { return pass<dead_letters>(x); },
      [this](replay_dead_letter& x) { return pass<write_receipt>(x); },
      [this](discard_dead_letter& x) { return pass<write_receipt>(x); },
      [this](get_statistics& x) { return pass<statistics>(x); },
      [this](subscribe& x) {
        represent(x.listener);
        return pass<void>(x);
      },
      [this](unsubscribe& x) {
        represent(x.listener);
        return pass<void>(x);
      },
      [this](checkpoint& x) { return pass<checkpoint_receipt>(x); },
      [this](backup& x) {
        represent(x.listener);
        return pass<backup_receipt>(x);
      },
      [this](integrity_check& x) { return pass<integrity_report>(x); },
      [this](describe_database& x) { return pass<database_info>(x); },
      [this](close& x) {
        return limits_.may_close
                 ? pass<close_receipt>(x)
                 : refuse<close_receipt>("only the process that owns the "
                                         "database can close it");
      },
      [this](inject_failure& x) {
        return limits_.may_inject_failures
                 ? pass<void>(x)
                 : refuse<void>("only the process that owns the database can "
                                "inject failures");
      },
    };
  }

  static inline const char* name = "onewriter.relay";

private:
  static constexpr char has_function[]
    = "a function cannot be sent to the process that owns the database; "
      "register it in options::functions and use call";

  template <class Reply>
  caf::result<Reply> refuse(const char* why) {
    if (compat::is_request(self_))
      return refused(why);
    return caf::delegated<Reply>{};
  }

  // Without a request, a failed write becomes a dead letter.
  template <class Reply, class Request>
  caf::result<Reply> pass(Request& what) {
    if (!compat::is_request(self_)) {
      compat::send_across(self_, target_, std::move(what));
      return caf::delegated<Reply>{};
    }
    if (in_flight_ >= limits_.max_in_flight)
      return make_failure(ec::overloaded,
                          "this process waits for too many replies already");
    ++in_flight_;
    auto reply = std::make_shared<pending_reply>(self_);
    auto failed = [this, reply](caf::error& err) {
      --in_flight_;
      reply->deliver(std::move(err));
    };
    if constexpr (std::is_void_v<Reply>)
      ask<void>(
        self_, target_, std::move(what),
        [this, reply] {
          --in_flight_;
          reply->deliver(caf::message{});
        },
        failed);
    else
      ask<Reply>(
        self_, target_, std::move(what),
        [this, reply](Reply& x) {
          --in_flight_;
          represent(x);
          reply->deliver(std::move(x));
        },
        failed);
    return caf::delegated<Reply>{};
  }

  // -- actors in messages --------------------------------------------------------

  template <class T>
  void represent(T&) {
    // nop: has no actors
  }

  void represent(cursor_actor& x) {
    x = spawn_stand_in(self_->home_system(), x);
    watch(x);
    cursors_.push_back(x);
  }

  void represent(caf::actor& listener) {
    if (!listener)
      return;
    auto& known = listeners_[listener.address()];
    if (!known) {
      watch(listener);
      known = spawn_stand_in(self_->home_system(), listener);
    }
    listener = known;
  }

  template <class Handle>
  void watch(const Handle& whom) {
    compat::watch(self_, whom,
                  [this](const caf::actor_addr& who, const caf::error&) {
                    went_down(who);
                  });
  }

  void went_down(const caf::actor_addr& who) {
    if (who == target_.address() || who == user_)
      return self_->quit(caf::exit_reason::user_shutdown);
    listeners_.erase(who);
    for (auto i = cursors_.begin(); i != cursors_.end(); ++i)
      if (i->address() == who) {
        cursors_.erase(i);
        return;
      }
  }

  database_actor::pointer self_;
  database_actor target_;
  caf::actor_addr user_;
  relay_limits limits_;
  size_t in_flight_ = 0;
  std::map<caf::actor_addr, caf::actor> listeners_;
  std::vector<cursor_actor> cursors_;
};

} // namespace

database_actor spawn_database_relay(caf::actor_system& sys,
                                    database_actor target, caf::actor user,
                                    relay_limits limits) {
  using actor = home_actor<database_actor::base, database_relay_state>;
  return sys.spawn<actor>(std::move(target), std::move(user), limits);
}

} // namespace onewriter
