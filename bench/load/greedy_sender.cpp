#include "bench/load/background_load.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::bench {

namespace {

class greedy_sender_state {
public:
  explicit greedy_sender_state(load_member_actor::pointer self) : self_{self} {
    // nop
  }

  load_member_actor::behavior_type make_behavior(database_actor database,
                                                 size_t outstanding) {
    database_ = std::move(database);
    for (size_t i = 0; i < outstanding; ++i)
      send();
    return {
      [this](end_load) { self_->quit(); },
      [](more_load) {},
    };
  }

  static inline const char* name = "onewriter.greedy-sender";

private:
  void send() {
    compat::request(
      self_, database_, caf::infinite,
      write{"INSERT INTO other_item(number, payload) VALUES(?, ?)", number_++,
            payload_})
      .then([this](const write_receipt&) { send(); },
            [this](const caf::error& err) { self_->quit(err); });
  }

  load_member_actor::pointer self_;
  database_actor database_;
  int64_t number_ = 0;
  std::string payload_ = std::string(100, 'x');
};

load_member_actor::behavior_type
greedy_sender(load_member_actor::stateful_pointer<greedy_sender_state> self,
              database_actor database, size_t outstanding) {
  return compat::state(self).make_behavior(std::move(database), outstanding);
}

} // namespace

load_member_actor spawn_greedy_sender(caf::actor_system& sys,
                                      database_actor database,
                                      size_t outstanding) {
  return sys.spawn(greedy_sender, std::move(database), outstanding);
}

} // namespace onewriter::bench
