#pragma once

#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/fixture.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace onewriter::test {

/// Returns "ok" or the name of the error's code.
std::string outcome_of(const caf::error& err);

template <class T>
std::string outcome_of(const caf::expected<T>& reply) {
  return reply ? "ok" : outcome_of(reply.error());
}

/// Blocks threads that want to pass until the test opens it, or ends.
class gate {
public:
  gate() = default;

  gate(const gate&) = delete;

  gate& operator=(const gate&) = delete;

  ~gate() {
    open();
  }

  /// Returns what another thread calls to get through.
  std::function<void()> entrance() const;

  /// Blocks until a thread waits at the gate.
  void wait_for_visitor();

  void open();

private:
  struct shared_state {
    std::mutex mutex;
    std::condition_variable changed;
    bool visited = false;
    bool open = false;
  };

  std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
};

/// A request of a sender of its own, whose reply is looked at later.
template <class Reply>
class sent {
public:
  template <class Request>
  sent(caf::actor_system& sys, const database_actor& to, Request what)
    : self_{std::make_unique<caf::scoped_actor>(sys)} {
    auto response = compat::request(*self_, to, patience, std::move(what));
    auto shared = std::make_shared<decltype(response)>(std::move(response));
    collect_ = [shared] {
      caf::expected<Reply> result{caf::make_error(caf::sec::runtime_error)};
      std::move(*shared).receive([&](Reply& x) { result = std::move(x); },
                                 [&](caf::error& err) { result = err; });
      return result;
    };
  }

  /// Blocks for the reply; to be called once.
  caf::expected<Reply> reply() {
    return collect_();
  }

private:
  std::unique_ptr<caf::scoped_actor> self_;
  std::function<caf::expected<Reply>()> collect_;
};

using sent_write = sent<write_receipt>;

// Compiled once: most tests send no request of their own.
extern template class sent<write_receipt>;
extern template sent_write::sent(caf::actor_system&, const database_actor&,
                                 write);
extern template sent_write::sent(caf::actor_system&, const database_actor&,
                                 transaction);

/// Keeps the writer busy until it is released. Requests sent before that wait
/// in the writer's mailbox and are run in one turn, in one transaction.
class held_writer {
public:
  held_writer(caf::actor_system& sys, const database_actor& db);

  /// Returns the outcome of what kept the writer busy.
  std::string release();

private:
  gate gate_;
  sent_write request_;
};

/// The log of a database, which any thread may write to.
class log_book {
public:
  log_sink sink() const;

  std::string text() const;

private:
  struct shared_pages {
    std::mutex mutex;
    std::string lines;
  };

  std::shared_ptr<shared_pages> pages_ = std::make_shared<shared_pages>();
};

/// A file, its options, and a client as soon as it is open.
class client_fixture : public fixture {
public:
  options opts;
  log_book log;
  std::unique_ptr<client> db;

  client_fixture();

  // -- opening and closing ---------------------------------------------------------

  /// Opens the file; returns what keeps it from being opened.
  caf::error try_open();

  void open();

  close_receipt close(onewriter::close what = {});

  void reopen();

  // -- requests --------------------------------------------------------------------

  template <class... Ts>
  write_receipt must(std::string sql, Ts&&... xs) {
    return must(write{std::move(sql), std::forward<Ts>(xs)...});
  }

  write_receipt must(write what);

  statistics stats();

  /// Returns the rows in one line, or the name of the error's code.
  template <class... Ts>
  std::string rows(std::string sql, Ts&&... xs) {
    auto found = db->query(std::move(sql), std::forward<Ts>(xs)...);
    return found ? in_one_line(*found) : outcome_of(found);
  }

  static std::string in_one_line(const result_set& x);

  /// Sends a request as a sender of its own.
  template <class Reply = write_receipt, class Request>
  sent<Reply> send(Request what) {
    return sent<Reply>{sys, db->database(), std::move(what)};
  }

  /// Sends a request without a caller.
  template <class Request>
  void send_and_forget(Request what) {
    compat::anon_send(db->database(), std::move(what));
  }

  // -- order -----------------------------------------------------------------------

  held_writer hold();

  /// Returns when all that was sent before is in the writer's mailbox, because
  /// the database has answered what came after it.
  void pass_on();

  /// Blocks until `condition` holds, which no message tells of; false if it
  /// takes too long.
  template <class F>
  static bool eventually(F condition) {
    auto limit = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > limit)
        return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
  }
};

} // namespace onewriter::test
