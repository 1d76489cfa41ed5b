#include "actors/sharing/relay/database_relay.hpp"

#include "actors/sharing/relay/ask.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "actors/sharing/relay/home_actor.hpp"
#include "actors/sharing/relay/reply_size.hpp"
#include "actors/sharing/relay/reply_window.hpp"
#include "actors/sharing/relay/represented.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/crossing.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace onewriter {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto check_silence_interval = std::chrono::seconds{1};

// Enough for all readers.
constexpr size_t most_results = 16;

// To databases that know nothing of sessions. The same for each owner.
std::string key_of(const std::string& session, uint64_t number) {
  constexpr char digits[] = "0123456789abcdef";
  std::string result = "onewriter-";
  for (auto x : session) {
    auto bits = static_cast<unsigned char>(x);
    result += digits[bits >> 4];
    result += digits[bits & 15];
  }
  return result + '-' + std::to_string(number);
}

class database_relay_state {
public:
  explicit database_relay_state(session_actor::pointer self) : self_{self} {
    // nop
  }

  session_actor::behavior_type
  make_behavior(database_actor target, const caf::actor& user,
                relay_limits limits, direct_way way) {
    target_ = std::move(target);
    user_ = user.address();
    limits_ = std::move(limits);
    replies_.emplace(limits_.max_untaken_bytes);
    if (way.gate)
      writes_.emplace(self_, target_, std::move(way));
    watch(target_);
    if (user)
      watch(user);
    return {
      [this](request_batch& x) { unpack(x); },
      [this](relay_ping x) { heard(x); },
      [this](settled_writes& x) { settled(x); },
      [this](flush_batch x) { x.is_check ? check_silence() : flush(); },
    };
  }

  static inline const char* name = "onewriter.session";

private:
  // -- one request ---------------------------------------------------------------

  // Without a request, a failed write becomes a dead letter.
  template <class Request>
  void pass_silently(Request& what) {
    if (refusal_of(what) != nullptr)
      return;
    replace(what);
    compat::send_across(self_, target_, std::move(what));
  }

  // Calls `deliver` with the reply, with an empty message for one without
  // content, or with the error.
  template <class Reply, class Request, class F>
  void forward(Request& what, F deliver) {
    auto bytes = size_of_request(what);
    ++in_flight_;
    request_bytes_ += bytes;
    replace(what);
    auto has_come = [this, bytes] {
      --in_flight_;
      request_bytes_ -= bytes;
    };
    auto failed = [has_come, deliver](caf::error& err) {
      has_come();
      deliver(std::move(err));
    };
    if constexpr (std::is_void_v<Reply>)
      ask<void>(
        self_, target_, std::move(what),
        [has_come, deliver] {
          has_come();
          deliver(caf::message{});
        },
        failed);
    else
      ask<Reply>(
        self_, target_, std::move(what),
        [this, has_come, deliver](Reply& x) {
          has_come();
          replace(x);
          deliver(std::move(x));
        },
        failed);
  }

  // -- what is refused -----------------------------------------------------------

  template <class Request>
  const char* refusal_of(const Request& what) const {
    if constexpr (std::is_same_v<Request, call>)
      if (limits_.owner_functions.count(what.name) > 0)
        return "only the process that owns the database may call this function";
    if (std::is_same_v<Request, close> && !limits_.may_close)
      return "only the process that owns the database can close it";
    if (std::is_same_v<Request, inject_failure> && !limits_.may_inject_failures)
      return "only the process that owns the database can inject failures";
    return nullptr;
  }

  static caf::error problem_with_session(const std::string& name) {
    if (name.size() == std::tuple_size<session_name>::value)
      return caf::none;
    return make_failure(ec::invalid_argument,
                        "request_batch::session must have 16 bytes");
  }

  template <class Request>
  caf::error problem_with(const Request& what) const {
    if (auto why = refusal_of(what); why != nullptr)
      return make_failure(ec::not_allowed, why);
    if (in_flight_ + held_.size() >= limits_.max_in_flight)
      return make_failure(ec::overloaded,
                          "this process waits for too many replies already");
    if (request_bytes_ > 0
        && request_bytes_ + size_of_request(what) > limits_.max_request_bytes)
      return make_failure(ec::overloaded,
                          "the requests that this process waits for are too "
                          "large together");
    return caf::none;
  }

  // -- batches -------------------------------------------------------------------

  void unpack(request_batch& what) {
    last_heard_ = clock::now();
    batch_problem_ = problem_with_session(what.session);
    if (writes_ && batch_problem_ == caf::none)
      writes_->begin(what);
    for (auto& x : what.writes)
      take_write<write>(x.number, x.what, what);
    for (auto& x : what.others)
      if (!take_call(x, what))
        take_other(x);
    if (writes_)
      writes_->flush();
  }

  template <class Request>
  void take_write(uint64_t number, Request& x, const request_batch& from) {
    if (number == 0)
      return flush_and([&] { pass_silently(x); });
    auto err = batch_problem_ != caf::none ? batch_problem_ : problem_with(x);
    if (err == caf::none && !writes_) {
      if (x.idempotency_key.empty())
        x.idempotency_key = key_of(from.session, number);
      return run<write_receipt>(number, x);
    }
    auto bytes = size_of_request(x);
    if (err == caf::none)
      err = writes_->add(number, x, bytes);
    if (err != caf::none)
      return reply(number, caf::make_message(std::move(err)));
    ++in_flight_;
    request_bytes_ += bytes;
  }

  bool take_call(carried& x, const request_batch& from) {
    if (!x.content.match_elements<call>())
      return false;
    take_write(x.number, x.content.get_mutable_as<call>(0), from);
    return true;
  }

  void take_other(carried& x) {
    flush_and([&] {
      if (!(take<query, result_set>(x) || take<best_effort, void>(x)
            || take_rare(x)))
        reply(x.number, caf::make_message(make_failure(
                          ec::invalid_argument, "there is no such request")));
    });
  }

  // Keeps what was sent first in front.
  template <class F>
  void flush_and(F run) {
    if (writes_)
      writes_->flush();
    run();
  }

  void settled(settled_writes& what) {
    in_flight_ -= what.count;
    request_bytes_ -= what.request_bytes;
    if (is_dropped_ || !may_reply())
      return;
    replies_->add(what.what);
    // One reply may be larger by itself.
    if (what.count == 1 || may_reply())
      flush();
  }

  bool take_rare(carried& x) {
    return take<open_cursor, cursor_actor>(x)
           || take<chunked_index, index_receipt>(x)
           || take<cancel_index, void>(x)
           || take<remove_document, job_receipt>(x)
           || take<search, search_hits>(x)
           || take<list_dead_letters, dead_letters>(x)
           || take<replay_dead_letter, write_receipt>(x)
           || take<discard_dead_letter, write_receipt>(x)
           || take<get_statistics, statistics>(x) || take<subscribe, void>(x)
           || take<unsubscribe, void>(x)
           || take<checkpoint, checkpoint_receipt>(x)
           || take<backup, backup_receipt>(x)
           || take<integrity_check, integrity_report>(x)
           || take<describe_database, database_info>(x)
           || take<close, close_receipt>(x) || take<inject_failure, void>(x);
  }

  template <class Request, class Reply>
  bool take(carried& x) {
    if (!x.content.match_elements<Request>())
      return false;
    auto& what = x.content.get_mutable_as<Request>(0);
    if (x.number == 0) {
      pass_silently(what);
      return true;
    }
    if (auto err = problem_with(what); err != caf::none) {
      reply(x.number, caf::make_message(std::move(err)));
      return true;
    }
    if (is_optional_reply<Reply> && results_under_way_ >= most_results)
      hold<Reply>(x.number, what);
    else
      run<Reply>(x.number, what);
    return true;
  }

  template <class Reply, class Request>
  void run(uint64_t number, Request& what) {
    if (is_optional_reply<Reply>)
      ++results_under_way_;
    forward<Reply>(what, [this, number](auto&& x) {
      answer(number, std::forward<decltype(x)>(x));
      if (is_optional_reply<Reply>)
        result_has_come();
    });
  }

  // What has come is refused where it does not fit, but takes memory before.
  template <class Reply, class Request>
  void hold(uint64_t number, Request& what) {
    auto bytes = size_of_request(what);
    request_bytes_ += bytes;
    held_.emplace_back([this, number, bytes, kept = std::move(what)]() mutable {
      request_bytes_ -= bytes;
      run<Reply>(number, kept);
    });
  }

  void result_has_come() {
    --results_under_way_;
    if (held_.empty())
      return;
    auto next = std::move(held_.front());
    held_.pop_front();
    next();
  }

  void answer(uint64_t number, caf::message&& x) {
    reply(number, std::move(x));
  }

  void answer(uint64_t number, caf::error&& x) {
    reply(number, caf::make_message(std::move(x)));
  }

  template <class Reply>
  void answer(uint64_t number, Reply&& x) {
    auto bytes = size_of_reply(x);
    if (is_optional_reply<
          std::decay_t<Reply>> && !replies_->has_room_for(bytes))
      return reply(number, caf::make_message(too_much()));
    reply(number, caf::make_message(std::forward<Reply>(x)), bytes);
  }

  caf::error too_much() const {
    return make_failure(ec::overloaded,
                        "this process has not taken " + untaken()
                          + " bytes of earlier results yet: ask for fewer "
                            "results at a time, or use a cursor");
  }

  void reply(uint64_t number, caf::message content,
             size_t bytes = plain_reply_bytes) {
    if (is_dropped_ || !may_reply())
      return;
    replies_->add(number, std::move(content), bytes);
    if (!std::exchange(is_flush_due_, true))
      must_send(self_, session_actor{self_}, flush_batch{});
  }

  bool may_reply() {
    if (!replies_->is_overfull())
      return true;
    drop("has not taken " + untaken() + " bytes of replies");
    return false;
  }

  // Comes round behind all that has arrived since.
  void flush() {
    is_flush_due_ = false;
    if (link_ && replies_->has_any())
      compat::send_across(self_, link_, replies_->take());
  }

  std::string untaken() const {
    return std::to_string(replies_->untaken());
  }

  // -- the other process ---------------------------------------------------------

  void heard(relay_ping what) {
    last_heard_ = clock::now();
    replies_->taken(what.taken);
    if (!link_) {
      link_ = caf::actor_cast<caf::actor>(self_->current_sender());
      watch(link_);
      check_silence_later();
      flush();
    }
    compat::send_across(self_, link_, relay_pong{});
  }

  void check_silence() {
    auto silence = clock::now() - last_heard_;
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(silence);
    if (silence > limits_.max_silence
        && (replies_->untaken() > 0 || actors_.has_listeners()))
      return drop("has been silent for " + std::to_string(seconds.count())
                  + " s and has not taken " + untaken() + " bytes of replies");
    check_silence_later();
  }

  void check_silence_later() {
    must_send_later(self_, session_actor{self_}, check_silence_interval,
                    flush_batch{true});
  }

  void drop(const std::string& why) {
    is_dropped_ = true;
    replies_->take();
    self_->quit(make_failure(ec::overloaded, why));
  }

  // -- actors in messages --------------------------------------------------------

  template <class T>
  void replace(T& x) {
    actors_.replace(self_->home_system(), x,
                    [this](const auto& whom) { watch(whom); });
  }

  template <class Handle>
  void watch(const Handle& whom) {
    compat::watch(self_, whom,
                  [this](const caf::actor_addr& who, const caf::error&) {
                    went_down(who);
                  });
  }

  void went_down(const caf::actor_addr& who) {
    if (who == target_.address() || who == user_ || who == link_.address())
      return self_->quit(caf::exit_reason::user_shutdown);
    actors_.went_down(who);
  }

  session_actor::pointer self_;
  database_actor target_;
  caf::actor_addr user_;
  relay_limits limits_;
  // Where the database is an actor of this process.
  std::optional<direct_writes> writes_;
  caf::error batch_problem_;
  size_t in_flight_ = 0;
  size_t request_bytes_ = 0;
  size_t results_under_way_ = 0;
  // Requests for results, until others have come.
  std::deque<std::function<void()>> held_;
  represented actors_;
  // The other end, where it takes batches.
  caf::actor link_;
  clock::time_point last_heard_ = clock::now();
  std::optional<reply_window> replies_;
  bool is_flush_due_ = false;
  bool is_dropped_ = false;
};

} // namespace

session_actor spawn_database_relay(caf::actor_system& sys,
                                   database_actor target, caf::actor user,
                                   relay_limits limits, direct_way way) {
  using actor = home_actor<session_actor::base, database_relay_state>;
  return sys.spawn<actor>(std::move(target), std::move(user), std::move(limits),
                          std::move(way));
}

} // namespace onewriter
