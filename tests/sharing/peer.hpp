#pragma once

#include "onewriter/client.hpp"
#include "onewriter/config.hpp"
#include "onewriter/open.hpp"
#include "tests/sqlite/child_process.hpp"

#include <optional>
#include <string>

#include <signal.h>

namespace onewriter::test {

/// A process that has the database open, with all that it needs for that. Used
/// in one thread.
class member {
public:
  /// Opens the file or joins its owner.
  explicit member(options opts) {
    auto opened = onewriter::open(sys_, std::move(opts));
    if (opened)
      db_.emplace(sys_, std::move(*opened));
    else
      problem_ = describe(opened.error());
  }

  /// Why it could not; else "none".
  const std::string& problem() const {
    return problem_;
  }

  client& db() {
    return **db_;
  }

  caf::actor_system& sys() {
    return sys_;
  }

  /// Leaves.
  void close() {
    db_.reset();
  }

private:
  config cfg_;
  caf::actor_system sys_{cfg_};
  std::optional<scoped_database> db_;
  std::string problem_ = "none";
};

inline std::string outcome(const caf::error& err) {
  return err == caf::none ? "ok" : describe(err);
}

template <class T>
std::string outcome(const caf::expected<T>& x) {
  return x ? "ok" : describe(x.error());
}

/// A `member` in a child process. It runs what it is told, one SQL statement
/// after the other, until it is told to "leave". Must be made before the test
/// has threads.
class peer {
public:
  explicit peer(const options& opts)
    : process_{[&opts](talk_end& parent) {
        member me{opts};
        parent.tell(me.problem());
        for (auto sql = parent.wait(); sql != "leave" && !sql.empty();
             sql = parent.wait())
          parent.tell(outcome(me.db().write(sql)));
        me.close();
        parent.tell("left");
      }} {
    problem_ = process_.wait();
  }

  const std::string& problem() const {
    return problem_;
  }

  std::string write(const std::string& sql) {
    process_.tell(sql);
    return process_.wait();
  }

  /// Tells it to leave, and does not wait.
  void start_to_leave() {
    process_.tell("leave");
  }

  std::string leave() {
    start_to_leave();
    return process_.wait();
  }

  pid_t pid() const {
    return process_.pid();
  }

  void kill() {
    ::kill(process_.pid(), SIGKILL);
  }

  void stand_still() {
    ::kill(process_.pid(), SIGSTOP);
  }

  void go_on() {
    ::kill(process_.pid(), SIGCONT);
  }

private:
  child_process process_;
  std::string problem_;
};

} // namespace onewriter::test
