#include "actors/console/format.hpp"
#include "app/commands/arguments/options.hpp"
#include "app/commands/live/following.hpp"
#include "app/commands/open_file.hpp"
#include "app/commands/output/dead_letter_text.hpp"
#include "app/commands/output/json_text.hpp"
#include "onewriter/compat/messaging.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace onewriter::node {

namespace {

constexpr const char* alerts_help
  = R"(Prints alerts as they come, each on a line, and at first those that are raised
already, until Ctrl-C, which is a success here. An alert is raised where a
threshold is crossed (--onewriter.alert-* of the process that owns the file),
and cleared where the value is below half of it. Where another process becomes
the owner, its alerts follow.)";

struct alerts_options {
  std::string file;
  uint64_t count = 0;
  bool json = false;
};

/// Alerts that were not printed yet. Any thread may call any function.
class alert_queue {
public:
  void push(const alert& x) {
    std::lock_guard<std::mutex> guard{mutex_};
    content_.push_back(x);
  }

  std::deque<alert> take() {
    std::lock_guard<std::mutex> guard{mutex_};
    return std::exchange(content_, {});
  }

private:
  std::mutex mutex_;
  std::deque<alert> content_;
};

std::string alert_text(const alert& x) {
  auto result = time_text(x.unix_ms)
                + (x.raised ? "  raised   " : "  cleared  ")
                + to_string(x.kind);
  constexpr size_t column_of_message = 46;
  result.resize(std::max(result.size() + 2, column_of_message), ' ');
  return result + printable(x.message) + '\n';
}

json alert_json(const alert& x) {
  return {
    {"unix_ms", x.unix_ms},     {"kind", to_string(x.kind)},
    {"raised", x.raised},       {"measured", x.measured},
    {"threshold", x.threshold}, {"message", x.message},
  };
}

/// Listens for as long as it lives.
class alert_subscription {
public:
  alert_subscription(caf::actor_system& sys, client& db, following& end)
    : self_{sys},
      db_{db},
      listener_{sys.spawn([queue = queue_, &end](caf::event_based_actor*) {
        return caf::behavior{[queue, &end](const alert& x) {
          queue->push(x);
          end.wake();
        }};
      })} {
    // nop
  }

  alert_subscription(const alert_subscription&) = delete;

  alert_subscription& operator=(const alert_subscription&) = delete;

  // The listener must not wake what is gone.
  ~alert_subscription() {
    compat::anon_send(db_.database(), unsubscribe{listener_});
    caf::anon_send_exit(listener_, caf::exit_reason::user_shutdown);
    self_->wait_for(listener_);
  }

  /// Subscribes, which has no effect the second time; a new owner does not know
  /// of the first.
  caf::error renew() {
    caf::error result;
    compat::request(self_, db_.database(), caf::infinite, subscribe{listener_})
      .receive([] {}, [&result](caf::error& err) { result = err; });
    return result;
  }

  std::deque<alert> take() {
    return queue_->take();
  }

private:
  caf::scoped_actor self_;
  client& db_;
  std::shared_ptr<alert_queue> queue_ = std::make_shared<alert_queue>();
  caf::actor listener_;
};

int run_alerts(command_context& ctx, const alerts_options& asked) {
  constexpr std::chrono::seconds renewal_interval{1};
  auto db = must(open_file(ctx, asked.file));
  following end{ctx.stop};
  alert_subscription subscription{ctx.sys, *db, end};
  for (uint64_t printed = 0; !end.is_over();) {
    must(subscription.renew());
    for (auto& x : subscription.take()) {
      auto text = asked.json ? json_line(alert_json(x)) : alert_text(x);
      if (!print(ctx, text) || ++printed == asked.count)
        return exit_status::success;
    }
    end.wait(renewal_interval);
  }
  return exit_status::success;
}

command_function add_alerts(CLI::App& to) {
  auto asked = std::make_shared<alerts_options>();
  add_argument(to, "FILE", asked->file, "the database");
  to.add_option_function<double>(
      "--count", [asked](double x) { asked->count = static_cast<uint64_t>(x); },
      "end after N alerts; default: go on until Ctrl-C")
    ->type_name("N")
    ->check(number(whole, 1, 1'000'000'000));
  to.add_flag("--json", asked->json, "print a JSON object a line");
  set_footer(to, alerts_help);
  return [asked](command_context& ctx) {
    return run_alerts(ctx, *asked);
  };
}

} // namespace

const file_command alerts_command{"alerts", "Print alerts as they come.",
                                  add_alerts};

} // namespace onewriter::node
