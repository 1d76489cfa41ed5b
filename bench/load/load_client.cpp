#include "bench/load/load_client.hpp"

#include "bench/file/items.hpp"
#include "bench/file/schema.hpp"
#include "bench/load/write_message.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

class load_client_state {
public:
  explicit load_client_state(load_member_actor::pointer self) : self_{self} {
    // nop
  }

  load_member_actor::behavior_type
  make_behavior(std::shared_ptr<const load_context> context, size_t number) {
    context_ = std::move(context);
    client_ = number;
    sql_ = insert_sql(what().rows);
    values_ = item_write{what().rows, number};
    is_open_loop() ? keep_schedule() : fill();
    return {
      [this](end_load) { self_->quit(); },
      [this](more_load) { send_due(); },
    };
  }

  static inline const char* name = "onewriter.load-client";

private:
  const task& what() const {
    return context_->what;
  }

  bool is_open_loop() const {
    return what().arrivals_per_second > 0;
  }

  // -- closed loop ----------------------------------------------------------------

  void fill() {
    auto now = clock::now();
    for (size_t i = 0; i < what().outstanding; ++i)
      send(now);
  }

  // -- open loop ------------------------------------------------------------------

  // The arrivals of all clients are spread evenly.
  void keep_schedule() {
    auto clients = static_cast<double>(what().clients);
    interval_ = std::chrono::nanoseconds{
      static_cast<int64_t>(clients / what().arrivals_per_second * 1e9)};
    auto share = static_cast<double>(client_) / clients;
    due_ = context_->records->end() - what().length
           + std::chrono::nanoseconds{static_cast<int64_t>(
             share * static_cast<double>(interval_.count()))};
    send_due();
  }

  // Late writes count from when they were due: a stall counts for every write
  // that it delayed.
  void send_due() {
    auto now = clock::now();
    for (; due_ <= now && due_ < context_->records->end(); due_ += interval_)
      send(due_);
    if (due_ < context_->records->end())
      compat::delayed_send(self_, load_member_actor{self_}, due_ - now,
                           more_load{});
    else
      end_if_done();
  }

  // -- both -----------------------------------------------------------------------

  void send(clock::time_point meant) {
    ++pending_;
    auto number = next_++;
    values_.fill(what().rows, number);
    compat::request(self_, context_->database, caf::infinite,
                    message_of(sql_, values_))
      .then([this, number,
             meant](const write_receipt&) { acknowledged(number, meant); },
            [this](const caf::error& err) { failed(err); });
  }

  void acknowledged(uint64_t number, clock::time_point meant) {
    answered(context_->records->acknowledged(client_, number, meant));
  }

  // Too much load is something to be counted; anything else, to be shown.
  void failed(const caf::error& err) {
    if (err != ec::overloaded)
      return self_->quit(err);
    context_->records->refused();
    answered(clock::now());
  }

  void answered(clock::time_point now) {
    --pending_;
    if (!is_open_loop() && now < context_->records->end())
      send(now);
    else
      end_if_done();
  }

  void end_if_done() {
    if (pending_ == 0 && (!is_open_loop() || due_ >= context_->records->end()))
      self_->quit();
  }

  load_member_actor::pointer self_;
  std::shared_ptr<const load_context> context_;
  size_t client_ = 0;
  std::string sql_;
  // Of the write that is sent next.
  item_write values_{{}, 0};
  uint64_t next_ = 0;
  size_t pending_ = 0;
  // Of the open loop.
  std::chrono::nanoseconds interval_{0};
  clock::time_point due_;
};

load_member_actor::behavior_type
load_client(load_member_actor::stateful_pointer<load_client_state> self,
            std::shared_ptr<const load_context> context, size_t number) {
  return compat::state(self).make_behavior(std::move(context), number);
}

} // namespace

load_member_actor spawn_load_client(caf::actor_system& sys,
                                    std::shared_ptr<const load_context> context,
                                    size_t number) {
  return sys.spawn(load_client, std::move(context), number);
}

} // namespace onewriter::bench
