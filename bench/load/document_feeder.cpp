#include "bench/load/background_load.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter::bench {

namespace {

constexpr auto index_name = "documents";

class document_feeder_state {
public:
  explicit document_feeder_state(load_member_actor::pointer self)
    : self_{self} {
    // nop
  }

  load_member_actor::behavior_type make_behavior(database_actor database,
                                                 std::string path) {
    database_ = std::move(database);
    path_ = std::move(path);
    feed();
    return {
      [this](end_load) { stop(); },
      [](more_load) {},
    };
  }

  static inline const char* name = "onewriter.document-feeder";

private:
  void feed() {
    chunked_index job;
    job.index = index_name;
    job.key = std::to_string(++count_);
    job.path = path_;
    compat::request(self_, database_, caf::infinite, std::move(job))
      .then([this](const index_receipt&) { feed(); },
            [this](const caf::error& err) { ended(err); });
  }

  void stop() {
    stopping_ = true;
    compat::request(self_, database_, caf::infinite,
                    cancel_index{index_name, std::to_string(count_)})
      .then([this] { self_->quit(); },
            [this](const caf::error& err) { self_->quit(err); });
  }

  void ended(const caf::error& err) {
    if (!stopping_)
      self_->quit(err);
  }

  load_member_actor::pointer self_;
  database_actor database_;
  std::string path_;
  uint64_t count_ = 0;
  bool stopping_ = false;
};

load_member_actor::behavior_type
document_feeder(load_member_actor::stateful_pointer<document_feeder_state> self,
                database_actor database, std::string path) {
  return compat::state(self).make_behavior(std::move(database),
                                           std::move(path));
}

} // namespace

load_member_actor spawn_document_feeder(caf::actor_system& sys,
                                        database_actor database,
                                        std::string path) {
  return sys.spawn(document_feeder, std::move(database), std::move(path));
}

} // namespace onewriter::bench
