#include "onewriter/database.hpp"

#include "actors/database/database_state.hpp"
#include "actors/database/owned_database.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/calling_thread.hpp"
#include "messages/compat/mailbox.hpp"
#include "messages/compat/yielding.hpp"
#include "onewriter/compat/messaging.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace onewriter {

namespace {

/// CAF makes the state of an actor before the actor has its arguments.
struct late_state {
  explicit late_state(full_database_actor::pointer) {
    // nop
  }

  static inline const char* name = "onewriter.database";

  std::optional<database_state> value;
};

using unscreened_database
  = caf::stateful_actor<late_state, full_database_actor::base>;

/// The actor: keeps messages out of its mailbox that it could not process soon,
/// and lets those run first whose requests it collects.
class database final
  : public compat::yielding<compat::screened<unscreened_database>>,
    public compat::caller_run {
public:
  using super = compat::yielding<compat::screened<unscreened_database>>;

  database(caf::actor_config& cfg, options opts,
           std::unique_ptr<sqlite::owner_lock> lock)
    : super{cfg},
      gate_{std::make_shared<flow_gate>(opts.queue)},
      opts_{std::move(opts)},
      lock_{std::move(lock)} {
    // nop
  }

  bool may_take_long() const noexcept override {
    return false;
  }

protected:
  behavior_type make_behavior() override {
    set_exception_handler(exception_to_error);
    auto& made = compat::state(this).value;
    made.emplace(this, std::move(opts_), gate_, std::move(lock_));
    yields().when_woken = true;
    return made->make_behavior();
  }

  bool lets_in(caf::mailbox_element& what) override {
    auto result = enter(what);
    if (!result && what.mid.is_request())
      compat::bounce(what, flow_gate::refusal());
    return result;
  }

private:
  bool enter(const caf::mailbox_element& what) {
    if (auto x = compat::content_of<write>(what))
      return gate_->enter_write(bytes_of(*x));
    if (auto x = compat::content_of<best_effort>(what))
      return gate_->enter_best_effort(x->bytes());
    if (auto x = compat::content_of<call>(what))
      return gate_->enter_write(bytes_of(*x));
    if (auto x = compat::content_of<transaction>(what))
      return gate_->enter_write(bytes_of(*x));
    return true;
  }

  flow_gate_ptr gate_;
  options opts_;
  std::unique_ptr<sqlite::owner_lock> lock_;
};

} // namespace

database_actor spawn_database(caf::actor_system& sys, options opts) {
  return spawn_owned_database(sys, std::move(opts), nullptr);
}

database_actor spawn_owned_database(caf::actor_system& sys, options opts,
                                    std::unique_ptr<sqlite::owner_lock> lock) {
  return sys.spawn<database>(std::move(opts), std::move(lock));
}

caf::expected<database_actor> open_database(caf::actor_system& sys,
                                            options opts) {
  auto result = spawn_database(sys, std::move(opts));
  if (auto err = wait_until_open(sys, result); err != caf::none)
    return err;
  return result;
}

caf::error wait_until_open(caf::actor_system& sys,
                           const database_actor& database) {
  caf::scoped_actor self{sys};
  caf::error failure;
  compat::request(self, database, caf::infinite, describe_database{})
    .receive([](const database_info&) {},
             [&](caf::error& err) { failure = std::move(err); });
  if (failure == caf::none)
    return failure;
  // A caller that retries at once finds nothing open.
  close at_once;
  at_once.drain = false;
  compat::request(self, database, caf::infinite, at_once)
    .receive([](const close_receipt&) {}, [](const caf::error&) {});
  caf::anon_send_exit(database, caf::exit_reason::user_shutdown);
  return failure;
}

} // namespace onewriter
