#include "actors/supervision/supervisor.hpp"

#include "actors/policy/backoff.hpp"
#include "actors/policy/restart_intensity.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <list>
#include <new>
#include <optional>
#include <utility>

namespace onewriter {

namespace {

using time_point = std::chrono::steady_clock::time_point;

/// The longest pause after an end that is excused, unless the initial one is
/// longer. What it waits for passes at any time, and requests wait for several
/// attempts.
constexpr auto excused_maximum = std::chrono::milliseconds{100};

/// The state of a child. `start`, `restart`, `stop` and the end of its actor
/// are the only transitions:
///
///     waiting --> running --> stopping --> (removed)
///        ^-----------'  \-------------------^
enum class child_state : uint8_t {
  /// Its actor is started when a pause is over.
  waiting,
  /// Its actor runs.
  running,
  /// Its actor was asked to end, and is killed after a timeout.
  stopping,
};

struct child {
  child(child_spec what, const backoff_options& options,
        const backoff_options& if_excused, uint64_t seed)
    : spec(std::move(what)),
      pause(options, seed),
      excused_pause(if_excused, seed) {
    // nop
  }

  child_spec spec;
  backoff pause;
  // After ends that are excused, which do not lengthen the others.
  backoff excused_pause;
  child_state state = child_state::waiting;
  // The timer that ends the state, 0 for none.
  uint64_t timer = 0;
  // The last incarnation; empty if it could not be started.
  caf::actor actor;
  // When it started.
  time_point since;
  caf::error last_reason;
  uint64_t restarts = 0;
};

// In the order of their start; a child in it keeps its place in memory.
using child_list = std::list<child>;

bool is_restarted_after(const caf::error& reason, restart_type type) {
  if (type == restart_type::transient)
    return reason != caf::none && reason != caf::exit_reason::user_shutdown;
  return type == restart_type::permanent;
}

std::string quoted(const child_spec& spec) {
  return "child '" + spec.id + "'";
}

// Runs the start function. Exceptions end here: CAF would end the supervisor.
caf::expected<caf::actor> run_start_function(caf::actor_system& sys,
                                             const child& x) {
  auto text = "the start function of " + quoted(x.spec);
  try {
    auto result = x.spec.start(sys, x.last_reason);
    if (result)
      return result;
    return make_failure(ec::internal, text + " returned no actor");
  } catch (const std::bad_alloc&) {
    return make_failure(ec::out_of_memory, text + " ran out of memory");
  } catch (...) {
    return thrown_error(text.c_str());
  }
}

class supervisor_state {
public:
  explicit supervisor_state(supervisor_actor::pointer self) : self_(self) {
    // nop
  }

  // A supervisor that was not killed has neither children nor promises left.
  ~supervisor_state() {
    for (auto x = children_.rbegin(); x != children_.rend(); ++x)
      kill(*x);
    answer_all(end_asked_, stopped_error("the supervisor was killed"));
  }

  supervisor_actor::behavior_type make_behavior(supervisor_options options) {
    self_->set_exception_handler(exception_to_error);
    options_ = std::move(options);
    intensity_ = restart_intensity{
      {options_.restarts.max_restarts, options_.restarts.period}};
    seeds_.seed(options_.seed);
    compat::on_exit_message(self_, [this](caf::exit_msg& msg) {
      if (msg.reason != caf::none)
        end(std::move(msg.reason));
      stop_next();
    });
    add_first_children();
    return {
      [this](start_child& msg) {
        return answered([&] { return add_and_start(std::move(msg.spec)); });
      },
      [this](stop_children) { return stop_all(); },
      [this](supervisor_timer timer) { on_timer(timer.ticket); },
    };
  }

  static inline const char* name = "onewriter.supervisor";

private:
  using iterator = child_list::iterator;

  // -- requests ---------------------------------------------------------------

  // They are started by the first message, like all later children.
  void add_first_children() {
    auto ticket = set_timer(std::chrono::nanoseconds{0});
    for (auto& spec : std::exchange(options_.children, {}))
      if (auto err = add(std::move(spec)); err != caf::none)
        end(std::move(err));
      else
        children_.back().timer = ticket;
  }

  caf::result<caf::actor> add_and_start(child_spec spec) {
    if (auto err = add(std::move(spec)); err != caf::none)
      return err;
    auto& x = children_.back();
    if (auto err = try_to_start(x); err != caf::none) {
      children_.pop_back();
      return err;
    }
    return x.actor;
  }

  caf::result<void> stop_all() {
    auto promise = self_->make_response_promise<void>();
    insist([&] { end_asked_.push_back(promise); });
    end({});
    stop_next();
    return promise;
  }

  caf::error add(child_spec spec) {
    if (ending_ || given_up_)
      return make_failure(ec::unavailable, "the supervisor is about to stop");
    if (!spec.start)
      return make_failure(ec::invalid_argument,
                          quoted(spec) + " has no start function");
    auto has_name = [&](const child& x) {
      return x.spec.id == spec.id;
    };
    if (std::any_of(children_.begin(), children_.end(), has_name))
      return make_failure(ec::invalid_argument,
                          "there is a " + quoted(spec) + " already");
    auto pause = backoff_options{};
    pause.initial = options_.restarts.initial_delay;
    pause.maximum = options_.restarts.max_delay;
    pause.jitter = 0.2;
    auto if_excused = pause;
    if_excused.maximum = std::min(
      pause.maximum,
      std::max<std::chrono::nanoseconds>(pause.initial, excused_maximum));
    children_.emplace_back(std::move(spec), pause, if_excused, seeds_());
    return {};
  }

  // -- transitions ------------------------------------------------------------

  // waiting -> running
  caf::error start(child& x) {
    x.actor = caf::actor{};
    auto actor = run_start_function(self_->system(), x);
    if (!actor)
      return actor.error();
    x.actor = std::move(*actor);
    x.state = child_state::running;
    x.timer = 0;
    x.since = options_.clock();
    insist([&] { watch(x.actor); });
    tell(x, child_event_kind::started);
    return {};
  }

  // A child that there is no memory to start has not been started.
  caf::error try_to_start(child& x) {
    return caught("the start of a child", [&] { return start(x); });
  }

  // running -> waiting
  void restart(child& x, bool is_excused) {
    auto delay = (is_excused ? x.excused_pause : x.pause).next();
    x.state = child_state::waiting;
    x.timer = set_timer(delay);
    ++x.restarts;
    tell(x, child_event_kind::restarting, delay);
  }

  // running -> stopping
  void stop(child& x) {
    x.state = child_state::stopping;
    auto limit = x.spec.shutdown_limit;
    if (limit <= limit.zero())
      return kill(x);
    must_stop(x.actor);
    if (limit != limit.max())
      x.timer = set_timer(limit);
  }

  void remove(iterator x) {
    tell(*x, child_event_kind::stopped);
    children_.erase(x);
  }

  // The incarnation of a late message does not exist any more.
  void on_down(const caf::actor_addr& who, const caf::error& why) {
    auto x = find([&](const child& y) {
      return y.state != child_state::waiting && y.actor.address() == who;
    });
    if (x == children_.end())
      return;
    insist([&] { x->last_reason = why; });
    if (options_.clock() - x->since >= options_.restarts.period)
      start_pauses_over(*x);
    if (x->state == child_state::running)
      on_failure(x);
    else
      remove(x);
    stop_next();
  }

  // Handles a child that ended unexpectedly, or could not be started.
  void on_failure(iterator x) {
    if (ending_ || given_up_
        || !is_restarted_after(x->last_reason, x->spec.restart))
      return remove(x);
    auto result
      = x->spec.judge ? x->spec.judge(x->last_reason) : verdict::count;
    switch (result) {
      case verdict::give_up:
        return give_up(x, insist([&] { return x->last_reason; }));
      case verdict::count:
        if (!intensity_.allow(options_.clock()))
          return give_up(x, insist([&] { return limit_reached(*x); }));
        break;
      default:
        break;
    }
    restart(*x, result == verdict::excuse);
  }

  static void start_pauses_over(child& x) {
    x.pause.reset();
    x.excused_pause.reset();
  }

  uint64_t set_timer(std::chrono::nanoseconds delay) {
    auto ticket = ++last_ticket_;
    must_send_later(self_, supervisor_actor{self_}, delay,
                    supervisor_timer{ticket});
    return ticket;
  }

  // After a cancellation no child has its ticket. The first children share one.
  void on_timer(uint64_t ticket) {
    auto is_due = [&](const child& x) {
      return x.timer == ticket;
    };
    for (auto x = find(is_due); x != children_.end(); x = find(is_due)) {
      x->timer = 0;
      if (x->state == child_state::stopping)
        kill(*x);
      else if (!given_up_)
        start_again(x);
    }
    stop_next();
  }

  void start_again(iterator x) {
    if (auto err = try_to_start(*x); err != caf::none) {
      x->last_reason = std::move(err);
      on_failure(x);
    }
  }

  static void kill(child& x) {
    if (x.state != child_state::waiting)
      insist([&] { caf::anon_send_exit(x.actor, caf::exit_reason::kill); });
  }

  // -- the end ----------------------------------------------------------------

  void give_up(iterator x, caf::error why) {
    auto word = insist([&] { return event(*x, child_event_kind::gave_up); });
    insist([&] { word.reason = why; });
    children_.erase(x);
    given_up_ = std::move(why);
    if (options_.observer && options_.observer_stops_children)
      return must_send(options_.observer, word);
    last_word_ = std::move(word);
    end({});
  }

  void end(caf::error why) {
    if (std::exchange(ending_, true))
      return;
    reason_ = given_up_ ? std::move(*given_up_) : std::move(why);
    for (auto x = children_.end(); x != children_.begin();) {
      auto before = std::prev(x);
      if (before->state == child_state::waiting)
        remove(before);
      else
        x = before;
    }
  }

  // Stops the last remaining child, and then the supervisor.
  void stop_next() {
    if (!ending_)
      return;
    if (children_.empty())
      return quit();
    if (children_.back().state == child_state::running)
      stop(children_.back());
  }

  void quit() {
    if (last_word_ && options_.observer)
      must_send(options_.observer, *last_word_);
    acknowledge_all(std::exchange(end_asked_, {}));
    self_->quit(std::move(reason_));
  }

  caf::error limit_reached(const child& x) const {
    auto& limits = options_.restarts;
    auto& last = x.last_reason;
    auto text = quoted(x.spec) + " ended after ";
    text += std::to_string(limits.max_restarts);
    text += limits.max_restarts == 1 ? " restart" : " restarts";
    text += " within " + caf::deep_to_string(limits.period) + "; last error: ";
    text += compat::code_of<ec>(last) ? describe(last)
                                      : compat::render(self_->system(), last);
    return make_failure(ec::restart_limit, std::move(text));
  }

  // -- helpers ----------------------------------------------------------------

  void tell(const child& x, child_event_kind kind,
            std::chrono::nanoseconds delay = {}) const {
    if (options_.observer)
      must_send(options_.observer,
                insist([&] { return event(x, kind, delay); }));
  }

  void watch(const caf::actor& whom) {
    compat::watch(self_, whom,
                  [this](const caf::actor_addr& who, const caf::error& why) {
                    on_down(who, why);
                  });
  }

  static child_event event(const child& x, child_event_kind kind,
                           std::chrono::nanoseconds delay = {}) {
    return {x.spec.id, kind, x.actor, x.last_reason, x.restarts, delay};
  }

  template <class Predicate>
  iterator find(Predicate pred) {
    return std::find_if(children_.begin(), children_.end(), pred);
  }

  // -- members ----------------------------------------------------------------

  supervisor_actor::pointer self_;
  supervisor_options options_;
  restart_intensity intensity_;
  std::mt19937_64 seeds_;
  child_list children_;
  uint64_t last_ticket_ = 0;
  // Whether all children are being stopped, and why.
  bool ending_ = false;
  caf::error reason_;
  // The reason why children are not restarted any more; becomes the exit
  // reason.
  std::optional<caf::error> given_up_;
  std::optional<child_event> last_word_;
  std::vector<caf::typed_response_promise<void>> end_asked_;
};

supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           supervisor_options options) {
  return compat::state(self).make_behavior(std::move(options));
}

} // namespace

supervisor_actor spawn_supervisor(caf::actor_system& sys,
                                  supervisor_options options) {
  return sys.spawn(supervisor, std::move(options));
}

} // namespace onewriter
