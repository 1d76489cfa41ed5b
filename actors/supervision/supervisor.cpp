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

struct child {
  child(child_spec what, const backoff_options& options, uint64_t seed)
    : spec(std::move(what)),
      pause(options, seed) {
    // nop
  }

  child_spec spec;
  backoff pause;
  // The last incarnation, and whether it has not ended yet.
  caf::actor actor;
  bool alive = false;
  // When it started.
  time_point since;
  caf::error last_reason;
  uint64_t restarts = 0;
  // The restart that will start the next incarnation, 0 for none.
  uint64_t restart = 0;
  // Whether it has to end, and its orderly stop, 0 until it was told.
  bool doomed = false;
  uint64_t stop = 0;
  // Who asked for the first start, where that has to wait.
  std::optional<caf::typed_response_promise<caf::actor>> start_asked;
  std::vector<caf::typed_response_promise<void>> stop_asked;
};

// A restart whose pause has not begun.
struct announced_restart {
  uint64_t ticket;
  std::chrono::nanoseconds delay;
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
caf::expected<caf::actor> start(caf::actor_system& sys, const child& x) {
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

  // Whoever was not killed has neither children nor promises left.
  ~supervisor_state() {
    auto killed = stopped_error("the supervisor was killed");
    for (auto x = children_.rbegin(); x != children_.rend(); ++x) {
      kill(*x);
      if (x->start_asked)
        insist([&] { x->start_asked->deliver(killed); });
      answer_all(x->stop_asked, killed);
    }
    answer_all(end_asked_, killed);
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
      advance();
    });
    add_first_children();
    return {
      [this](start_child& msg) {
        return answered([&] { return add_and_launch(std::move(msg.spec)); });
      },
      [this](const stop_child& msg) { return stop_and_remove(msg.id); },
      [this](stop_children) { return stop_all(); },
      [this](supervisor_timer timer) { on_timer(timer.ticket); },
    };
  }

  static inline const char* name = "onewriter.supervisor";

private:
  using iterator = child_list::iterator;

  // -- requests ---------------------------------------------------------------

  // They are started by the first message, like all that are started later.
  void add_first_children() {
    auto ticket = ++last_ticket_;
    for (auto& spec : std::exchange(options_.children, {})) {
      if (auto err = add(std::move(spec)); err != caf::none)
        end(std::move(err));
      else
        children_.back().restart = ticket;
    }
    set_timer(ticket, std::chrono::nanoseconds{0});
  }

  caf::result<caf::actor> add_and_launch(child_spec spec) {
    // A child may depend on those before it.
    auto waits_for = restart_to_wait_for();
    if (auto err = add(std::move(spec)); err != caf::none)
      return err;
    auto& x = children_.back();
    if (waits_for != 0) {
      x.restart = waits_for;
      x.start_asked = self_->make_response_promise<caf::actor>();
      return *x.start_asked;
    }
    if (auto err = launch(x); err != caf::none) {
      children_.pop_back();
      return err;
    }
    return x.actor;
  }

  caf::result<void> stop_and_remove(const std::string& id) {
    auto promise = self_->make_response_promise<void>();
    auto x = find(id);
    if (x == children_.end()) {
      compat::acknowledge(promise);
      return promise;
    }
    x->stop_asked.push_back(promise);
    dismiss(x);
    advance();
    return promise;
  }

  caf::result<void> stop_all() {
    auto promise = self_->make_response_promise<void>();
    insist([&] { end_asked_.push_back(promise); });
    end({});
    advance();
    return promise;
  }

  // -- the life of a child ----------------------------------------------------

  caf::error add(child_spec spec) {
    if (ending_ || given_up_)
      return make_failure(ec::unavailable, "the supervisor is about to stop");
    if (!spec.start)
      return make_failure(ec::invalid_argument,
                          quoted(spec) + " has no start function");
    if (find(spec.id) != children_.end())
      return make_failure(ec::invalid_argument,
                          "there is a " + quoted(spec) + " already");
    auto pause = backoff_options{};
    pause.initial = options_.restarts.initial_delay;
    pause.maximum = options_.restarts.max_delay;
    pause.jitter = 0.2;
    children_.emplace_back(std::move(spec), pause, seeds_());
    return {};
  }

  caf::error launch(child& x) {
    x.restart = 0;
    x.actor = caf::actor{};
    auto actor = start(self_->system(), x);
    if (!actor)
      return actor.error();
    x.actor = std::move(*actor);
    x.alive = true;
    x.since = options_.clock();
    insist([&] { watch(x.actor); });
    tell(x, child_event_kind::started);
    return {};
  }

  void relaunch(iterator x) {
    auto err = launch(*x);
    auto asked = std::exchange(x->start_asked, std::nullopt);
    if (err == caf::none) {
      if (asked)
        insist([&] { asked->deliver(x->actor); });
    } else if (asked) {
      insist([&] { asked->deliver(err); });
      children_.erase(x);
    } else {
      x->last_reason = std::move(err);
      fail(x);
    }
  }

  // The incarnation of a late message is not there any more.
  void on_down(const caf::actor_addr& who, const caf::error& why) {
    auto x = find_if(
      [&who](const child& y) { return y.alive && y.actor.address() == who; });
    if (x == children_.end())
      return;
    x->alive = false;
    x->stop = 0;
    insist([&] { x->last_reason = why; });
    if (options_.clock() - x->since >= options_.restarts.period)
      x->pause.reset();
    if (!std::exchange(x->doomed, false))
      fail(x);
    else if (x->restart != 0)
      announce(*x, announced_->delay);
    else
      remove(x);
    advance();
  }

  // Deals with a child that ended unasked, or could not be started.
  void fail(iterator x) {
    if (given_up_ || !is_restarted_after(x->last_reason, x->spec.restart))
      return remove(x);
    switch (x->spec.judge ? x->spec.judge(x->last_reason) : verdict::count) {
      case verdict::give_up:
        return give_up(x, insist([&] { return x->last_reason; }));
      case verdict::count:
        if (!intensity_.allow(options_.clock()))
          return give_up(x, insist([&] { return limit_reached(*x); }));
        break;
      default:
        break;
    }
    restart(x);
  }

  void restart(iterator x) {
    auto ticket = ++last_ticket_;
    auto delay = x->pause.next();
    x->restart = ticket;
    announce(*x, delay);
    if (options_.strategy == restart_strategy::one_for_one)
      return set_timer(ticket, delay);
    for (auto y = std::next(x); y != children_.end(); ++y)
      join(*y, ticket);
    announced_ = announced_restart{ticket, delay};
  }

  // Makes a restart include `x`, unless that is about to leave anyway.
  void join(child& x, uint64_t ticket) {
    if (x.doomed && x.restart == 0)
      return;
    auto leaves = x.alive && x.spec.restart == restart_type::temporary;
    x.doomed = x.alive;
    x.restart = leaves ? 0 : ticket;
  }

  void announce(child& x, std::chrono::nanoseconds delay) {
    ++x.restarts;
    tell(x, child_event_kind::restarting, delay);
  }

  // Ends a child for good.
  void dismiss(iterator x) {
    x->restart = 0;
    x->doomed = x->alive;
    if (!x->alive)
      remove(x);
  }

  void remove(iterator x) {
    tell(*x, child_event_kind::stopped);
    if (x->start_asked)
      insist([&] {
        x->start_asked->deliver(
          make_failure(ec::unavailable, quoted(x->spec) + " was stopped"));
      });
    acknowledge_all(x->stop_asked);
    children_.erase(x);
  }

  void stop(child& x) {
    x.stop = ++last_ticket_;
    auto limit = x.spec.shutdown_limit;
    if (limit <= limit.zero())
      return kill(x);
    must_stop(x.actor);
    if (limit != limit.max())
      set_timer(x.stop, limit);
  }

  void kill(child& x) {
    if (x.alive)
      insist([&] { caf::anon_send_exit(x.actor, caf::exit_reason::kill); });
  }

  // -- progress ---------------------------------------------------------------

  void set_timer(uint64_t ticket, std::chrono::nanoseconds delay) {
    must_send_later(self_, supervisor_actor{self_}, delay,
                    supervisor_timer{ticket});
  }

  // What was called off has left no child with its ticket.
  void on_timer(uint64_t ticket) {
    for (auto& x : children_)
      if (x.stop == ticket)
        kill(x);
    auto x = find_restart(ticket);
    while (x != children_.end() && !given_up_) {
      relaunch(x);
      x = find_restart(ticket);
    }
    advance();
  }

  // Does what can be done now, after each change.
  void advance() {
    auto is_doomed = [](const child& x) {
      return x.doomed;
    };
    auto last = std::find_if(children_.rbegin(), children_.rend(), is_doomed);
    if (last != children_.rend() && last->stop == 0)
      stop(*last);
    if (announced_ && has_stopped_rest(announced_->ticket)) {
      set_timer(announced_->ticket, announced_->delay);
      announced_.reset();
    }
    if (ending_ && children_.empty())
      quit();
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
    if (ending_)
      return;
    ending_ = true;
    reason_ = given_up_ ? std::move(*given_up_) : std::move(why);
    for (auto x = children_.end(); x != children_.begin();) {
      auto before = std::prev(x);
      if (before->alive)
        x = before;
      dismiss(before);
    }
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

  template <class F>
  iterator find_if(F f) {
    return std::find_if(children_.begin(), children_.end(), f);
  }

  iterator find(const std::string& id) {
    return find_if([&id](const child& x) { return x.spec.id == id; });
  }

  iterator find_restart(uint64_t ticket) {
    return find_if([ticket](const child& x) { return x.restart == ticket; });
  }

  // Whether all have ended from the first child of a restart on.
  bool has_stopped_rest(uint64_t ticket) {
    return std::none_of(find_restart(ticket), children_.end(),
                        [](const child& x) { return x.alive; });
  }

  // Returns the restart that a new child has to wait for, or 0: with
  // rest_for_one there is never more than one.
  uint64_t restart_to_wait_for() const {
    if (options_.strategy == restart_strategy::rest_for_one)
      for (auto& x : children_)
        if (x.restart != 0)
          return x.restart;
    return 0;
  }

  // -- members ----------------------------------------------------------------

  supervisor_actor::pointer self_;
  supervisor_options options_;
  restart_intensity intensity_;
  std::mt19937_64 seeds_;
  child_list children_;
  // With rest_for_one, the last restart until those after it have ended.
  std::optional<announced_restart> announced_;
  uint64_t last_ticket_ = 0;
  // Whether all children are being stopped, and why.
  bool ending_ = false;
  caf::error reason_;
  // Why no more is restarted, which is what it ends with.
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
