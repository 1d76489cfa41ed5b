#include "app/serve/database_keeper.hpp"

#include "actors/sharing/shared/shared_database.hpp"
#include "actors/sqlite/file/files.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace onewriter::node {

namespace {

/// How soon a failure is noticed, and alerts come from the next owner of a
/// file.
constexpr std::chrono::seconds renewal{1};

// The database writes its alerts to its log, too, but not those that are over.
bool is_alert_line(std::string_view line) {
  constexpr std::string_view mark = "alert: ";
  return line.substr(0, mark.size()) == mark;
}

log_sink sink_for(const service_log_ptr& log, const std::string& name) {
  return [log, name](log_level level, std::string_view line) {
    if (!is_alert_line(line))
      log->write(level, name, line);
  };
}

class database_keeper_state {
public:
  explicit database_keeper_state(database_keeper_actor::pointer self)
    : self_{self} {
    // nop
  }

  database_keeper_actor::behavior_type
  make_behavior(served_file what, service_log_ptr log,
                database_observer_actor observer) {
    self_->set_exception_handler(exception_to_error);
    compat::on_exit_message(self_, [this](caf::exit_msg& msg) {
      if (msg.reason != caf::none)
        end(std::move(msg.reason));
    });
    file_ = std::move(what);
    log_ = std::move(log);
    observer_ = std::move(observer);
    must_send(self_, database_keeper_actor{self_}, look_again{});
    return {
      [this](close& x) { return hand_on(x); },
      [this](const alert& x) { note(x); },
      [this](look_again) { database_ ? renew() : open(); },
    };
  }

  static inline const char* name = "onewriter.database_keeper";

private:
  // -- opening -------------------------------------------------------------------

  void open() {
    if (is_closing_)
      return;
    auto opts = file_.opts;
    // SQLite would create it.
    if (!file_.may_create && !sqlite::exists(opts.path))
      return fail(make_failure(ec::cannot_open, opts.path + " does not exist"));
    opts.log = sink_for(log_, file_.name);
    database_ = spawn_shared_database(self_->home_system(), std::move(opts));
    renew();
  }

  // Subscriptions end with the process that owns the file. A database that has
  // given up takes them, too.
  void renew() {
    compat::request(self_, database_, caf::infinite, describe_database{})
      .then([this](const database_info&) { subscribe_again(); },
            [this](caf::error& err) { judge(err); });
  }

  void subscribe_again() {
    if (!std::exchange(was_open_, true))
      must_send(self_, observer_,
                database_opened{file_.name, caf::actor_cast<caf::actor>(self_),
                                database_});
    compat::request(self_, database_, caf::infinite,
                    subscribe{caf::actor_cast<caf::actor>(self_)})
      .then([this] { renew_later(); }, [this](caf::error& err) { judge(err); });
  }

  void renew_later() {
    if (!is_closing_)
      compat::delayed_send(self_, database_keeper_actor{self_}, renewal,
                           look_again{});
  }

  void judge(caf::error& err) {
    if (!was_open_ || advice_of(code_of(err)) == advice::give_up)
      fail(std::move(err));
    else
      renew_later();
  }

  void note(const alert& x) {
    auto has_failed = x.kind == alert_kind::failed;
    auto level = has_failed ? log_level::error
                 : x.raised ? log_level::warning
                            : log_level::info;
    log_->write(level, file_.name,
                "alert " + to_string(x.kind) + ": " + x.message);
    if (has_failed && x.raised)
      ask_for_reason();
  }

  void ask_for_reason() {
    compat::request(self_, database_, caf::infinite, describe_database{})
      .then([](const database_info&) {},
            [this](caf::error& err) {
              if (advice_of(code_of(err)) == advice::give_up)
                fail(std::move(err));
            });
  }

  // -- the end -------------------------------------------------------------------

  caf::result<close_receipt> hand_on(close& what) {
    is_closing_ = true;
    if (!database_)
      return make_failure(ec::unavailable, "the database is not open");
    return compat::delegate(self_, database_, std::move(what));
  }

  void fail(caf::error reason) {
    if (is_closing_)
      return;
    // The database itself has logged more, unless it was never open.
    log_->write(log_level::error, file_.name,
                was_open_ ? "ended with " + to_string(code_of(reason))
                          : describe(reason));
    auto is_lost = !mends_itself(code_of(reason));
    if (is_lost)
      must_send(self_, observer_, database_lost{file_.name, reason});
    end(is_lost ? caf::error{} : std::move(reason));
  }

  // Where it was closed before, the reply is the same as then.
  void end(caf::error reason) {
    is_closing_ = true;
    if (!database_)
      return self_->quit(std::move(reason));
    auto quit = [this, reason] {
      if (auto database = std::exchange(database_, nullptr))
        must_stop(database);
      self_->quit(reason);
    };
    close at_once;
    at_once.drain = false;
    compat::request(self_, database_, caf::infinite, at_once)
      .then([quit](const close_receipt&) { quit(); },
            [quit](const caf::error&) { quit(); });
  }

  database_keeper_actor::pointer self_;
  served_file file_;
  service_log_ptr log_;
  database_observer_actor observer_;
  database_actor database_;
  bool was_open_ = false;
  // Whether the database was asked to close, so that its end is no failure.
  bool is_closing_ = false;
};

database_keeper_actor::behavior_type database_keeper(
  database_keeper_actor::stateful_pointer<database_keeper_state> self,
  served_file what, service_log_ptr log, database_observer_actor observer) {
  return compat::state(self).make_behavior(std::move(what), std::move(log),
                                           std::move(observer));
}

} // namespace

database_keeper_actor
spawn_database_keeper(caf::actor_system& sys, served_file what,
                      service_log_ptr log, database_observer_actor observer) {
  return sys.spawn(database_keeper, std::move(what), std::move(log),
                   std::move(observer));
}

} // namespace onewriter::node
