#include "actors/database/statistics/check_timer.hpp"

#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

namespace {

struct check_timer_state {
  static inline const char* name = "onewriter.check_timer";
};

check_timer_actor::behavior_type
check_timer(check_timer_actor::stateful_pointer<check_timer_state> self,
            database_core_actor database, std::chrono::nanoseconds interval) {
  self->set_exception_handler(exception_to_error);
  auto wait = [=] {
    must_send_later(self, check_timer_actor{self}, interval, check_alerts{});
  };
  wait();
  return {
    [=](check_alerts) {
      insist([&] {
        compat::request(self, database, caf::infinite, check_alerts{})
          .then(wait, [=](const caf::error&) { self->quit(); });
      });
    },
  };
}

} // namespace

check_timer_actor spawn_check_timer(caf::actor_system& sys,
                                    database_core_actor database,
                                    std::chrono::nanoseconds interval) {
  return sys.spawn(check_timer, std::move(database), interval);
}

} // namespace onewriter
