#include "app/serve/served_database.hpp"

#include "app/demo/core/node_messages.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/open.hpp"

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

/// Asks a database again and again how it is, and subscribes to its alerts: a
/// subscription ends with the process that owns the file.
class alert_watcher {
public:
  explicit alert_watcher(caf::event_based_actor* self) : self_{self} {
    // nop
  }

  caf::behavior make_behavior(database_actor database, std::string label,
                              service_log_ptr log,
                              std::function<void()> on_failure) {
    database_ = std::move(database);
    label_ = std::move(label);
    log_ = std::move(log);
    on_failure_ = std::move(on_failure);
    renew();
    return {
      [this](const alert& x) { note(x); },
      [this](next_round) { renew(); },
    };
  }

  static inline const char* name = "onewriter.alert_watcher";

private:
  // A database that has given up takes subscriptions, too.
  void renew() {
    compat::request(self_, database_, caf::infinite, describe_database{})
      .then([this](const database_info&) { subscribe_again(); },
            [this](const caf::error& err) { look_at(err); });
  }

  void subscribe_again() {
    compat::request(self_, database_, caf::infinite,
                    subscribe{caf::actor_cast<caf::actor>(self_)})
      .then([this] { renew_later(); },
            [this](const caf::error& err) { look_at(err); });
  }

  void renew_later() {
    compat::delayed_send(self_, caf::actor_cast<caf::actor>(self_), renewal,
                         next_round{});
  }

  void look_at(const caf::error& err) {
    if (advice_of(code_of(err)) != advice::give_up)
      return renew_later();
    log_->write(log_level::error, label_, "gave up: " + describe(err));
    on_failure_();
  }

  void note(const alert& x) {
    auto has_failed = x.kind == alert_kind::failed;
    auto level = has_failed ? log_level::error
                 : x.raised ? log_level::warning
                            : log_level::info;
    log_->write(level, label_, "alert " + to_string(x.kind) + ": " + x.message);
    if (has_failed && x.raised)
      on_failure_();
  }

  caf::event_based_actor* self_;
  database_actor database_;
  std::string label_;
  service_log_ptr log_;
  std::function<void()> on_failure_;
};

caf::behavior watch_alerts(caf::stateful_actor<alert_watcher>* self,
                           database_actor database, std::string name,
                           service_log_ptr log,
                           std::function<void()> on_failure) {
  return compat::state(self).make_behavior(std::move(database), std::move(name),
                                           std::move(log),
                                           std::move(on_failure));
}

} // namespace

caf::expected<std::unique_ptr<served_database>>
served_database::open(caf::actor_system& sys, options opts, std::string name,
                      service_log_ptr log, std::function<void()> on_failure) {
  opts.log = sink_for(log, name);
  auto opened = onewriter::open(sys, std::move(opts));
  if (!opened)
    return opened.error();
  std::unique_ptr<served_database> result{
    new served_database{sys, name, std::move(*opened)}};
  result->watcher_ = sys.spawn(watch_alerts, result->database_, std::move(name),
                               std::move(log), std::move(on_failure));
  return result;
}

served_database::served_database(caf::actor_system& sys, std::string name,
                                 database_actor database)
  : sys_{sys},
    name_{std::move(name)},
    database_{std::move(database)} {
  // nop
}

served_database::~served_database() {
  stop_watching();
  close at_once;
  at_once.drain = false;
  // Where it was closed before, the reply is the same as then.
  static_cast<void>(client{sys_, database_}.close(at_once));
  caf::anon_send_exit(database_, caf::exit_reason::user_shutdown);
}

void served_database::stop_watching() {
  if (auto watcher = std::exchange(watcher_, nullptr))
    caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
}

} // namespace onewriter::node
