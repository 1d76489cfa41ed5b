#include "bench/load/background_load.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::bench {

namespace {

constexpr auto note_sql = "INSERT INTO note(key, number) VALUES(?1, ?2) "
                          "ON CONFLICT(key) DO UPDATE SET number = ?2";

// Rows of the table, so that it does not grow without end.
constexpr int64_t most_rows = 10'000;

class flood_state {
public:
  explicit flood_state(load_member_actor::pointer self) : self_{self} {
    // nop
  }

  load_member_actor::behavior_type make_behavior(database_actor database,
                                                 flood_options opts) {
    database_ = std::move(database);
    opts_ = opts;
    send_burst();
    return {
      [this](end_load) { self_->quit(); },
      [this](more_load) { send_burst(); },
    };
  }

  static inline const char* name = "onewriter.flood";

private:
  // The answer comes when the database has seen the burst: so its mailbox stays
  // short, however fast this actor is.
  void send_burst() {
    for (size_t i = 0; i < opts_.burst; ++i)
      send_note();
    compat::request(self_, database_, caf::infinite, get_statistics{})
      .then([this](const statistics&) { schedule(); },
            [this](const caf::error& err) { self_->quit(err); });
  }

  void send_note() {
    auto number = number_++;
    auto row = opts_.keys > 0 ? number % static_cast<int64_t>(opts_.keys)
                              : number % most_rows;
    auto key = opts_.keys > 0 ? std::to_string(row) : std::string{};
    compat::send(self_, database_,
                 best_effort{std::move(key), note_sql, row, number});
  }

  void schedule() {
    if (opts_.pause == opts_.pause.zero())
      compat::send(self_, load_member_actor{self_}, more_load{});
    else
      compat::delayed_send(self_, load_member_actor{self_}, opts_.pause,
                           more_load{});
  }

  load_member_actor::pointer self_;
  database_actor database_;
  flood_options opts_;
  int64_t number_ = 0;
};

load_member_actor::behavior_type
flood(load_member_actor::stateful_pointer<flood_state> self,
      database_actor database, flood_options opts) {
  return compat::state(self).make_behavior(std::move(database), opts);
}

} // namespace

load_member_actor spawn_flood(caf::actor_system& sys, database_actor database,
                              flood_options opts) {
  return sys.spawn(flood, std::move(database), opts);
}

} // namespace onewriter::bench
