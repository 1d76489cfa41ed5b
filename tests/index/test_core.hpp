#pragma once

#include "actors/core/database_core.hpp"
#include "actors/sqlite/connection.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace onewriter::test {

/// The outcome of a request.
enum class fate {
  /// It runs and is committed.
  commit,
  /// It runs and is rolled back, as when a writer dies, then it runs again.
  repeat,
  /// It is committed, but the reply says that the outcome is unknown.
  doubt,
  /// It is not run, and the reply says that the outcome is unknown.
  lose,
  /// Nothing happens to it any more, as when the process dies.
  hold,
  /// It is refused with `core_script::refusal`.
  refuse,
};

/// A request that a test core got.
struct core_request {
  /// Counts from 0.
  uint64_t number = 0;
  /// Name of an internal task, "function" for other ones.
  std::string title;
  /// Tells jobs apart.
  uint64_t sender = 0;
  size_t bytes = 0;
};

/// Tells a test core what to do, and what it has done.
class core_script {
public:
  /// Decides about a request. Runs on the thread of the core.
  std::function<fate(const core_request&)> decide = [](const core_request&) {
    return fate::commit;
  };

  /// Called on the thread of the core after each commit.
  std::function<void(const core_request&)> committed = [](const core_request&) {
  };

  caf::error refusal;

  std::unique_ptr<sqlite::connection> db;

  /// Returns all requests so far.
  std::vector<core_request> requests();

  /// Returns how many requests with this title there were.
  size_t count(const std::string& title);

  /// Blocks until `pred(request)` has held for a request that has been dealt
  /// with, with any outcome, since the test began.
  void wait_for(const std::function<bool(const core_request&)>& pred);

  /// Blocks until more than `count` requests have been dealt with, and returns
  /// how many that are.
  size_t wait_for_more_than(size_t count);

  // -- for the core ---------------------------------------------------------------

  core_request add(const pending_write& what);

  void done(const core_request& what);

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<core_request> requests_;
  std::vector<core_request> done_;
};

using core_script_ptr = std::shared_ptr<core_script>;

/// Starts an actor that stands in for database and writer: it runs each request
/// in a transaction of its own.
database_core_actor spawn_test_core(caf::actor_system& sys,
                                    core_script_ptr script);

/// Opens `path` as its writer, with all tables.
std::unique_ptr<sqlite::connection> open_writer(const std::string& path);

/// Opens `path` for searches.
std::unique_ptr<sqlite::connection> open_reader(const std::string& path);

} // namespace onewriter::test
