#include "bench/load/load_generator.hpp"

#include "bench/load/background_load.hpp"
#include "bench/load/load_client.hpp"
#include "bench/load/load_reader.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>
#include <vector>

namespace onewriter::bench {

namespace {

class load_generator_state {
public:
  explicit load_generator_state(load_generator_actor::pointer self)
    : self_{self} {
    // nop
  }

  // CAF 0.17 does not report broken promises.
  ~load_generator_state() {
    if (running_ > 0)
      done_.deliver(make_error(caf::sec::request_receiver_down));
  }

  load_generator_actor::behavior_type make_behavior(load_context context) {
    context_ = std::make_shared<const load_context>(std::move(context));
    return {
      [this](run_load) { return run(); },
    };
  }

  static inline const char* name = "onewriter.load-generator";

private:
  caf::result<void> run() {
    auto& sys = self_->system();
    auto& what = context_->what;
    done_ = self_->make_response_promise<void>();
    context_->records->start();
    background_ = spawn_background_load(sys, context_);
    for (auto& x : background_)
      watch(x);
    for (size_t i = 0; i < what.readers; ++i)
      watch(spawn_load_reader(sys, context_, i));
    for (size_t i = 0; i < what.clients; ++i)
      watch(spawn_load_client(sys, context_, context_->first_client + i));
    return done_;
  }

  void watch(const load_member_actor& member) {
    ++running_;
    compat::watch(self_, member,
                  [this](const caf::actor_addr&, const caf::error& reason) {
                    ended(reason);
                  });
  }

  // The background load ends on request.
  void ended(const caf::error& reason) {
    if (error_ == caf::none && reason != caf::exit_reason::normal)
      error_ = reason;
    --running_;
    if (running_ == background_.size())
      for (auto& x : background_)
        compat::send(self_, x, end_load{});
    if (running_ > 0)
      return;
    if (error_ != caf::none)
      done_.deliver(error_);
    else
      compat::acknowledge(done_);
    self_->quit();
  }

  load_generator_actor::pointer self_;
  std::shared_ptr<const load_context> context_;
  caf::typed_response_promise<void> done_;
  std::vector<load_member_actor> background_;
  size_t running_ = 0;
  caf::error error_;
};

load_generator_actor::behavior_type load_generator(
  load_generator_actor::stateful_pointer<load_generator_state> self,
  load_context context) {
  return compat::state(self).make_behavior(std::move(context));
}

} // namespace

load_generator_actor spawn_load_generator(caf::actor_system& sys,
                                          load_context context) {
  return sys.spawn(load_generator, std::move(context));
}

} // namespace onewriter::bench
