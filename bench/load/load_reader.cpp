#include "bench/load/load_reader.hpp"

#include "bench/file/schema.hpp"
#include "onewriter/compat/messaging.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

class load_reader_state {
public:
  explicit load_reader_state(load_member_actor::pointer self) : self_{self} {
    // nop
  }

  load_member_actor::behavior_type
  make_behavior(std::shared_ptr<const load_context> context, size_t number) {
    context_ = std::move(context);
    reader_ = number;
    random_.seed(context_->what.seed + number);
    ask(clock::now());
    return {
      [this](end_load) { self_->quit(); },
      [](more_load) {},
    };
  }

  static inline const char* name = "onewriter.load-reader";

private:
  void ask(clock::time_point now) {
    auto& records = *context_->records;
    auto rows = records.writes_so_far() * context_->what.rows.rows_per_write;
    auto rowid = 1 + random_() % std::max(rows, uint64_t{1});
    compat::request(self_, context_->database, caf::infinite,
                    query{select_sql, static_cast<int64_t>(rowid)})
      .then([this, now](const result_set&) { answered(now); },
            [this](const caf::error& err) { self_->quit(err); });
  }

  void answered(clock::time_point sent) {
    auto now = context_->records->read(reader_, sent);
    if (now < context_->records->end())
      ask(now);
    else
      self_->quit();
  }

  load_member_actor::pointer self_;
  std::shared_ptr<const load_context> context_;
  size_t reader_ = 0;
  std::mt19937_64 random_;
};

load_member_actor::behavior_type
load_reader(load_member_actor::stateful_pointer<load_reader_state> self,
            std::shared_ptr<const load_context> context, size_t number) {
  return compat::state(self).make_behavior(std::move(context), number);
}

} // namespace

load_member_actor spawn_load_reader(caf::actor_system& sys,
                                    std::shared_ptr<const load_context> context,
                                    size_t number) {
  return sys.spawn(load_reader, std::move(context), number);
}

} // namespace onewriter::bench
