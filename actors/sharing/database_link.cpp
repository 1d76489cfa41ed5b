#include "actors/sharing/database_link.hpp"

#include "actors/core/pending_reply.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "actors/sharing/relay/home_actor.hpp"
#include "actors/sharing/relay/represented.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/crossing.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"

#include <chrono>
#include <map>
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

  link_actor::behavior_type make_behavior(const database_actor& session,
                                          shared_core_actor user) {
    session_ = caf::actor_cast<caf::actor>(session);
    user_ = std::move(user);
    watch(session_);
    check();
    return {
      [this](write& x) { return carry<write_receipt>(x); },
      [this](best_effort& x) { return carry<void>(x); },
      [this](call& x) { return carry<write_receipt>(x); },
      [this](transaction& x) { return refuse<write_receipt>(x); },
      [this](query& x) { return carry<result_set>(x); },
      [this](open_cursor& x) { return carry<cursor_actor>(x); },
      [this](chunked_index& x) { return carry<index_receipt>(x); },
      [this](chunked_job& x) { return refuse<job_receipt>(x); },
      [this](cancel_index& x) { return carry<void>(x); },
      [this](remove_document& x) { return carry<job_receipt>(x); },
      [this](search& x) { return carry<search_hits>(x); },
      [this](list_dead_letters& x) { return carry<dead_letters>(x); },
      [this](replay_dead_letter& x) { return carry<write_receipt>(x); },
      [this](discard_dead_letter& x) { return carry<write_receipt>(x); },
      [this](get_statistics& x) { return carry<statistics>(x); },
      [this](subscribe& x) { return carry<void>(x); },
      [this](unsubscribe& x) { return carry<void>(x); },
      [this](checkpoint& x) { return carry<checkpoint_receipt>(x); },
      [this](backup& x) { return carry<backup_receipt>(x); },
      [this](integrity_check& x) { return carry<integrity_report>(x); },
      [this](describe_database& x) { return carry<database_info>(x); },
      [this](close& x) { return carry<close_receipt>(x); },
      [this](inject_failure& x) { return carry<void>(x); },
      [this](reply_batch& x) { unpack(x); },
      [this](relay_pong) { heard(); },
      [this](flush_batch x) { x.is_check ? check() : flush(); },
    };
  }

  static inline const char* name = "onewriter.link";

private:
  // -- requests ------------------------------------------------------------------

  template <class Reply, class Request>
  caf::result<Reply> carry(Request& what) {
    actors_.replace(self_->home_system(), what,
                    [this](const auto& whom) { watch(whom); });
    uint64_t number = 0;
    if (compat::is_request(self_)) {
      number = ++last_number_;
      waiting_.emplace(number, pending_reply{self_});
    }
    outgoing_.requests.push_back({number, caf::make_message(std::move(what))});
    if (!std::exchange(is_flush_due_, true))
      must_send(self_, link_actor{self_}, flush_batch{});
    return caf::delegated<Reply>{};
  }

  template <class Reply, class Request>
  caf::result<Reply> refuse(Request&) {
    return make_failure(ec::not_allowed,
                        "a function cannot be sent to the process that owns "
                        "the database; register it in options::functions and "
                        "use call");
  }

  // Comes round behind all that has arrived since.
  void flush() {
    is_flush_due_ = false;
    if (!outgoing_.requests.empty())
      compat::send_across(self_, session_, std::exchange(outgoing_, {}));
  }

  // -- replies -------------------------------------------------------------------

  void unpack(reply_batch& what) {
    heard();
    for (auto& x : what.replies)
      if (auto found = waiting_.find(x.number); found != waiting_.end()) {
        if (x.content.match_elements<cursor_actor>())
          replace_cursor(x.content);
        found->second.deliver(std::move(x.content));
        waiting_.erase(found);
      }
    taken_ += what.bytes;
    if (taken_ - told_ >= bytes_per_ping)
      ping();
  }

  void replace_cursor(caf::message& content) {
    auto cursor = content.get_as<cursor_actor>(0);
    actors_.replace(self_->home_system(), cursor,
                    [this](const auto& whom) { watch(whom); });
    content = caf::make_message(std::move(cursor));
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
  std::map<uint64_t, pending_reply> waiting_;
  uint64_t last_number_ = 0;
  request_batch outgoing_;
  bool is_flush_due_ = false;
  // Bytes of replies, and how many of them the owner knows of.
  uint64_t taken_ = 0;
  uint64_t told_ = 0;
  clock::time_point last_heard_ = clock::now();
  bool is_silent_ = false;
};

} // namespace

database_actor spawn_database_link(caf::actor_system& sys,
                                   const database_actor& session,
                                   shared_core_actor user) {
  using actor = home_actor<link_actor::base, database_link_state>;
  return sys.spawn<actor>(session, std::move(user));
}

} // namespace onewriter
