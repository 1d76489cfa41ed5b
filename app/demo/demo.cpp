#include "app/demo/demo.hpp"

#include "actors/console/format.hpp"
#include "actors/console/stop_signal.hpp"
#include "actors/console/terminal.hpp"
#include "app/core/event_log.hpp"
#include "app/core/run_failure.hpp"
#include "app/demo/checks/expectation_checks.hpp"
#include "app/demo/checks/live_checks.hpp"
#include "app/demo/checks/verify.hpp"
#include "app/demo/core/node_schema.hpp"
#include "app/demo/core/scoreboard.hpp"
#include "app/demo/display/progress_display.hpp"
#include "app/demo/setup/node_options.hpp"
#include "app/demo/setup/node_places.hpp"
#include "app/demo/setup/prepared_file.hpp"
#include "app/demo/summary/demo_result.hpp"
#include "app/demo/summary/print_results.hpp"
#include "app/demo/swarm/swarm.hpp"
#include "app/demo/swarm/timeline.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <atomic>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace onewriter::node {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

uint64_t size_of(const std::string& path) {
  std::error_code err;
  auto result = std::filesystem::file_size(path, err);
  return err ? 0 : result;
}

[[noreturn]] void exit_at_once(const std::string& path) {
  restore_terminal();
  std::string text = "\nonewriter: stopped at once";
  if (!path.empty())
    text += "; the file is left as it is: " + path;
  text += '\n';
  auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
  ::_exit(exit_status::interrupted);
}

class demo {
public:
  demo(demo_config& cfg, demo_options args)
    : cfg_{cfg},
      sys_{cfg},
      self_{sys_} {
    result_.asked = std::move(args);
    live_ = !result_.asked.quiet && !result_.asked.json && is_live_terminal();
  }

  ~demo() {
    swarm_.reset();
    if (display_)
      caf::anon_send_exit(display_, caf::exit_reason::user_shutdown);
    // Closing twice does no harm.
    if (client_)
      static_cast<void>(client_->close());
  }

  int run() {
    stop_signal signals{
      {[this] { request_stop(); },
       [this] { exit_at_once(opened_ ? result_.database.path : ""); },
       suspend_terminal}};
    open();
    prepare();
    start();
    play();
    collect();
    check_open_file();
    close();
    check_closed_file();
    finish_display();
    print_results(result_, !result_.asked.quiet && !live_);
    return result_.ok() ? exit_status::success : exit_status::failure;
  }

private:
  // -- before ---------------------------------------------------------------------

  void open() {
    auto& asked = result_.asked;
    result_.root = asked_or_fail(choose_tree(asked.path));
    auto file = asked.db.empty() ? cfg_.database.path : asked.db;
    // The file is chosen after all other options have been checked.
    cfg_.database.path = "node.db";
    auto opts = node_options(cfg_, asked);
    opts.path = asked_or_fail(choose_database(file));
    opts.log = sink_of(events_);
    auto path = opts.path;
    client_.emplace(sys_, value_or_fail(open_database(sys_, std::move(opts)),
                                        "cannot open " + path));
    result_.database = value_or_fail(client_->describe(), path);
    opened_ = true;
    events_->become(log_mode());
    compat::send(self_, client_->database(), subscribe{me()});
  }

  void prepare() {
    auto& path = result_.database.path;
    file_ = prepare_file(*client_, path, result_.root);
    told().run = file_.run;
    told().versions_before = file_.versions;
    tree_ = measure({result_.root, path});
  }

  // -- the run --------------------------------------------------------------------

  void start() {
    store_state to_do;
    to_do.total_files = tree_.files;
    to_do.total_bytes = tree_.bytes;
    board_ = spawn_scoreboard(sys_, to_do);
    started_ = clock::now();
    if (!result_.asked.quiet && !result_.asked.json)
      display_ = spawn_progress_display(sys_, client_->database(), board_,
                                        what_to_display());
    swarm_.emplace(sys_, client_->database(), board_, swarm_options_of());
  }

  display_options what_to_display() {
    display_options result;
    result.live = live_;
    result.fixed.path = printable(result_.root);
    result.fixed.peers = result_.asked.peers;
    result.fixed.chaos = result_.asked.chaos;
    result.fixed.duration = result_.asked.duration;
    result.fixed.synchronous = result_.database.synchronous;
    result.started = started_;
    result.events = events_;
    result.when_gone = [this] {
      request_stop();
    };
    return result;
  }

  swarm_options swarm_options_of() {
    swarm_options result;
    result.run = told().run;
    result.peers = result_.asked.peers;
    result.chaos = result_.asked.chaos;
    result.store.root = result_.root;
    result.store.excluded = result_.database.path;
    result.store.run = told().run;
    result.store.last_file = file_.last_file;
    result.store.total = tree_;
    result.when_done = [me = me()] {
      compat::anon_send(me, everything_done{});
    };
    return result;
  }

  void play() {
    auto went
      = play_stages(self_, *swarm_, board_, started_, result_.asked.duration);
    result_.running_time = went.running_time;
    result_.busy_time = went.busy_time;
    result_.stopped = went.stopped;
    told().failure = std::move(went.failure);
  }

  // Called on any thread.
  void request_stop() {
    compat::anon_send(me(), stop_requested{});
  }

  // -- after ----------------------------------------------------------------------

  void collect() {
    show_task("waiting for the last replies", 0, 0);
    swarm_->collect(told());
  }

  void check_open_file() {
    if (told().failure.empty())
      append(live_checks(*client_, told(), progress()));
  }

  void close() {
    show_task("closing the database", 0, 0);
    // A database that is closed is asked nothing any more.
    if (auto last = client_->statistics())
      told().database = std::move(*last);
    if (auto receipt = client_->close())
      told().closing = *receipt;
    else if (told().failure.empty())
      told().failure = describe(receipt.error());
    told().told = ask_scoreboard();
  }

  scores ask_scoreboard() {
    scores result;
    compat::request(self_, board_, caf::infinite, get_scores{})
      .receive([&](scores& x) { result = std::move(x); },
               [](const caf::error&) {});
    return result;
  }

  void check_closed_file() {
    auto& path = result_.database.path;
    append(verify_file(path, told(), progress()));
    append(expectation_checks(told()));
    result_.text_index = find_text_index(path, text_index);
    result_.database_bytes = size_of(path);
    result_.peak_memory_bytes = peak_memory_bytes();
    result_.checking_time = clock::now() - started_ - result_.running_time;
  }

  void append(checks more) {
    for (auto& x : more)
      result_.checks.push_back(std::move(x));
  }

  check_progress progress() {
    return [this](const char* task, uint64_t done, uint64_t total) {
      show_task(task, done, total);
    };
  }

  void show_task(const char* name, uint64_t done, uint64_t total) {
    compat::anon_send(board_, current_task{name, done, total});
  }

  void finish_display() {
    if (display_)
      compat::request(self_, display_, caf::infinite, finish{})
        .receive([] {}, [](const caf::error&) {});
    display_ = nullptr;
    if (live_)
      events_->become(event_log::mode::print_errors);
  }

  expected_state& told() {
    return result_.told;
  }

  caf::actor me() {
    return caf::actor_cast<caf::actor>(self_);
  }

  enum event_log::mode log_mode() const {
    if (live_)
      return event_log::mode::keep;
    return result_.asked.chaos > nanoseconds{0} ? event_log::mode::print_errors
                                                : event_log::mode::print;
  }

  demo_config& cfg_;
  caf::actor_system sys_;
  caf::scoped_actor self_;
  demo_result result_;
  bool live_ = false;
  std::shared_ptr<event_log> events_ = std::make_shared<event_log>();
  // From here on the name of the file does not change any more.
  std::atomic<bool> opened_{false};
  std::optional<client> client_;
  scoreboard_actor board_;
  progress_display_actor display_;
  std::optional<swarm> swarm_;
  prepared_file file_;
  tree_size tree_;
  clock::time_point started_;
};

} // namespace

int run_demo(demo_config& cfg, const demo_options& args) {
  try {
    return demo{cfg, args}.run();
  } catch (run_failure& err) {
    std::cerr << "onewriter: " << err.text << '\n';
    return err.status;
  }
}

} // namespace onewriter::node
