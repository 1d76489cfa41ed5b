#pragma once

#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/fixture.hpp"

#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace onewriter::test {

/// A database in a folder of its own, a client to it, and its log.
class database_fixture : public fixture {
public:
  database_fixture() {
    opts.path = folder.file("test.db");
    opts.readers = 2;
    opts.allow_failure_injection = true;
    opts.restarts.initial_delay = std::chrono::milliseconds{1};
    opts.restarts.max_delay = std::chrono::milliseconds{5};
    opts.restarts.max_restarts = 1'000'000;
    opts.log = nullptr;
  }

  /// Opens the database with `opts`; the table `t(a, b)` is there.
  client& open() {
    auto opened = open_database(sys, opts);
    INFO((opened ? std::string{} : describe(opened.error())));
    REQUIRE(opened);
    database = own(*opened);
    db = std::make_unique<client>(sys, database);
    REQUIRE(db->write("CREATE TABLE IF NOT EXISTS t(a, b)"));
    return *db;
  }

  void close() {
    auto receipt = db->close();
    REQUIRE(receipt);
  }

  /// The rows of `sql`, cells separated by "|", in one line.
  std::string rows(const std::string& sql) {
    auto found = db->query(sql);
    if (!found)
      return describe(found.error());
    std::string result;
    for (auto& line : found->rows)
      result += (result.empty() ? "" : " ") + to_string(line);
    return result;
  }

  /// "ok", or the name of the error.
  template <class T>
  static std::string outcome(const caf::expected<T>& x) {
    return x ? "ok" : to_string(code_of(x.error()));
  }

  options opts;
  database_actor database;
  std::unique_ptr<client> db;
};

/// Keeps the writer busy, so that the requests sent then share its next turn.
class busy_writer {
public:
  busy_writer(caf::actor_system& sys, const database_actor& database)
    : self_{sys},
      database_{database} {
    transaction what;
    auto started = std::make_shared<std::promise<void>>();
    auto has_started = started->get_future();
    // May run again after a failure, and must not block then.
    what.function =
      [started, once = std::make_shared<bool>(true),
       end = end_.get_future().share()](session&) -> caf::expected<result_set> {
      if (std::exchange(*once, false))
        started->set_value();
      end.wait();
      return result_set{};
    };
    compat::send(self_, caf::actor_cast<caf::actor>(database), what);
    has_started.wait();
  }

  ~busy_writer() {
    release();
  }

  /// Lets the writer go on, with all that this thread has sent before: when the
  /// database answers, that is in the writer's mailbox.
  void release() {
    if (std::exchange(released_, true))
      return;
    compat::request(self_, database_, patience, get_statistics{})
      .receive([](const statistics&) {}, [](const caf::error&) {});
    end_.set_value();
  }

private:
  caf::scoped_actor self_;
  database_actor database_;
  std::promise<void> end_;
  bool released_ = false;
};

} // namespace onewriter::test
