#include "bench/load.hpp"

#include "actors/client.hpp"
#include "actors/policy/histogram.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

namespace onewriter::bench {

namespace {

using clock_type = std::chrono::steady_clock;

/// What one client did; read when it has terminated.
struct tally {
  uint64_t rows = 0;
  caf::error error;
  clock_type::time_point last_reply;
  histogram latencies;
};

struct load_client_trait {
  using signatures = compat::type_list<caf::result<void>(get_statistics)>;
};

/// Nobody sends anything to a client but replies.
using load_client_actor = compat::handle<load_client_trait>;

class load_client_state {
public:
  explicit load_client_state(load_client_actor::pointer self) : self_{self} {
    // nop
  }

  load_client_actor::behavior_type
  make_behavior(database_actor database, size_t id, size_t outstanding,
                clock_type::time_point end, std::shared_ptr<tally> to) {
    database_ = std::move(database);
    id_ = id;
    end_ = end;
    tally_ = std::move(to);
    for (size_t i = 0; i < outstanding; ++i)
      send();
    return {[](get_statistics) {
    }};
  }

  static inline const char* name = "onewriter.load-client";

private:
  void send() {
    ++pending_;
    auto sent = clock_type::now();
    compat::request(
      self_, database_, caf::infinite,
      write{insert_sql, static_cast<int64_t>(id_), number_++, payload})
      .then([this, sent](const write_receipt&) { acknowledged(sent); },
            [this](const caf::error& err) { failed(err); });
  }

  void acknowledged(clock_type::time_point sent) {
    auto now = clock_type::now();
    ++tally_->rows;
    tally_->latencies.record(now - sent);
    tally_->last_reply = now;
    answered(now < end_);
  }

  void failed(const caf::error& err) {
    tally_->error = err;
    answered(false);
  }

  void answered(bool go_on) {
    --pending_;
    if (go_on)
      send();
    else if (pending_ == 0)
      self_->quit();
  }

  load_client_actor::pointer self_;
  database_actor database_;
  size_t id_ = 0;
  int64_t number_ = 0;
  size_t pending_ = 0;
  clock_type::time_point end_;
  std::shared_ptr<tally> tally_;
};

load_client_actor::behavior_type
load_client(load_client_actor::stateful_pointer<load_client_state> self,
            database_actor database, size_t id, size_t outstanding,
            clock_type::time_point end, std::shared_ptr<tally> to) {
  return compat::state(self).make_behavior(std::move(database), id, outstanding,
                                           end, std::move(to));
}

void wait_for_end(caf::actor_system& sys,
                  const std::vector<load_client_actor>& clients) {
  caf::scoped_actor self{sys};
  for (auto& x : clients)
    self->monitor(x);
  for (size_t i = 0; i < clients.size(); ++i)
    self->receive([](const caf::down_msg&) {});
}

measurement add_up(const std::vector<std::shared_ptr<tally>>& tallies,
                   clock_type::time_point start) {
  measurement result;
  auto latencies = std::make_unique<histogram>();
  auto last = start;
  for (auto& x : tallies) {
    if (x->error != caf::none)
      throw std::runtime_error{describe(x->error)};
    result.rows += x->rows;
    latencies->add(x->latencies);
    last = std::max(last, x->last_reply);
  }
  result.length = last - start;
  result.p50 = latencies->quantile(0.50);
  result.p99 = latencies->quantile(0.99);
  return result;
}

} // namespace

measurement run_load(caf::actor_system& sys, const options& opts,
                     size_t clients, size_t outstanding,
                     std::chrono::nanoseconds length) {
  measurement result;
  {
    auto db = scoped_database::open(sys, opts);
    if (!db)
      throw std::runtime_error{describe(db.error())};
    if (auto created = (*db)->write(create_sql); !created)
      throw std::runtime_error{describe(created.error())};
    auto commits_before = (*db)->statistics()->commits;
    std::vector<std::shared_ptr<tally>> tallies;
    std::vector<load_client_actor> actors;
    auto start = clock_type::now();
    for (size_t i = 0; i < clients; ++i) {
      tallies.push_back(std::make_shared<tally>());
      actors.push_back(sys.spawn(load_client, db->handle(), i, outstanding,
                                 start + length, tallies.back()));
    }
    wait_for_end(sys, actors);
    result = add_up(tallies, start);
    result.commits = (*db)->statistics()->commits - commits_before;
  }
  verify(opts.path, result.rows);
  return result;
}

} // namespace onewriter::bench
