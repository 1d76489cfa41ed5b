#include "app/demo.hpp"

#include "actors/client.hpp"
#include "app/demo_result.hpp"
#include "app/event_log.hpp"
#include "app/format.hpp"
#include "app/live_checks.hpp"
#include "app/node_places.hpp"
#include "app/node_schema.hpp"
#include "app/progress_display.hpp"
#include "app/scoreboard.hpp"
#include "app/stop_signal.hpp"
#include "app/summary.hpp"
#include "app/swarm.hpp"
#include "app/terminal.hpp"
#include "app/told_checks.hpp"
#include "app/verify.hpp"
#include "messages/failure.hpp"

#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr int success = 0;
constexpr int failure_status = 1;
constexpr int bad_arguments = 2;
constexpr int interrupted = 130;

// How long nothing is measured, so that everybody is connected; and how long
// peers are alone after that.
constexpr nanoseconds warm_up_time = std::chrono::milliseconds{500};
constexpr nanoseconds quiet_time = std::chrono::seconds{3};

uint64_t size_of(const std::string& path) {
  struct stat info;
  return ::stat(path.c_str(), &info) == 0 ? static_cast<uint64_t>(info.st_size)
                                          : 0;
}

int64_t unix_ms() {
  using namespace std::chrono;
  auto now = system_clock::now().time_since_epoch();
  return duration_cast<milliseconds>(now).count();
}

[[noreturn]] void exit_at_once(const std::string& path) {
  restore_terminal();
  std::string text = "\nonewriter: stopped at once";
  if (!path.empty())
    text += "; the file is left as it is: " + path;
  text += '\n';
  auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
  ::_exit(interrupted);
}

// What ends a run is an exception; it carries the exit status.
struct run_failure {
  int status = failure_status;
  std::string text;
};

template <class T>
T value_or_fail(caf::expected<T> x, const std::string& what) {
  if (x)
    return std::move(*x);
  throw run_failure{failure_status, what + ": " + describe(x.error())};
}

class demo {
public:
  demo(node_config& cfg, demo_arguments args)
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
    report();
    return result_.ok() ? success : failure_status;
  }

private:
  // -- before ---------------------------------------------------------------------

  void open() {
    auto& asked = result_.asked;
    result_.root = choose(choose_tree(asked.path));
    auto path_wanted = asked.db.empty() ? cfg_.database.path : asked.db;
    auto opts = options_of_database();
    opts.path = choose(choose_database(path_wanted));
    opts.log = sink_of(events_);
    auto path = opts.path;
    client_.emplace(sys_, value_or_fail(open_database(sys_, std::move(opts)),
                                        "cannot open " + path));
    result_.database = value_or_fail(client_->describe(), path);
    opened_ = true;
    events_->become(log_mode());
    compat::send(self_, client_->database(), subscribe{me()});
  }

  static std::string choose(caf::expected<std::string> x) {
    if (x)
      return std::move(*x);
    auto status = code_of(x.error()) == ec::invalid_argument ? bad_arguments
                                                             : failure_status;
    throw run_failure{status, failure_of(x.error()).message};
  }

  options options_of_database() {
    // Which file it is, is not decided before everything else is in order.
    cfg_.database.path = "node.db";
    auto result = cfg_.database_options();
    if (!result)
      throw run_failure{bad_arguments, failure_of(result.error()).message};
    if (result_.asked.chaos > nanoseconds{0})
      prepare_for_chaos(*result);
    return std::move(*result);
  }

  // Failures are part of the plan: they must neither exhaust the supervisor's
  // patience nor make it wait longer and longer.
  void prepare_for_chaos(options& opts) const {
    auto& restarts = opts.restarts;
    auto failures = restarts.period / result_.asked.chaos;
    opts.allow_failure_injection = true;
    restarts.max_restarts = static_cast<uint32_t>(4 * failures + 20);
    restarts.max_delay = std::min<nanoseconds>(restarts.max_delay,
                                               std::chrono::milliseconds{20});
    restarts.initial_delay
      = std::min(restarts.initial_delay, restarts.max_delay);
  }

  void prepare() {
    auto& path = result_.database.path;
    refuse_foreign_file();
    value_or_fail(client_->write(create_tables()), path);
    auto run = value_or_fail(
      client_->write(insert_run_sql, printable(result_.root), unix_ms()), path);
    told().run = run.returned.at(0).rows.at(0).get<int64_t>(0);
    told().versions_before = number(sum_versions_sql);
    last_file_ = static_cast<int64_t>(number(last_file_sql));
    tree_ = measure({result_.root, path});
  }

  // Somebody else's tables are none of our business.
  void refuse_foreign_file() {
    constexpr const char* sql
      = "SELECT count(*), coalesce(sum(name = 'file_block'), 0) "
        "FROM sqlite_schema "
        "WHERE type = 'table' AND name NOT LIKE 'onewriter^_%' ESCAPE '^' "
        "AND name NOT LIKE 'sqlite^_%' ESCAPE '^'";
    auto found = value_or_fail(client_->query(sql), result_.database.path);
    auto [tables, ours] = found.rows.at(0).as<uint64_t, uint64_t>();
    if (tables > 0 && ours == 0)
      throw run_failure{bad_arguments,
                        result_.database.path
                          + " has tables that are not the demo's; choose "
                            "another file"};
  }

  uint64_t number(const char* sql) {
    auto found = value_or_fail(client_->query(sql), result_.database.path);
    return found.rows.at(0).get<uint64_t>(0);
  }

  // -- the run --------------------------------------------------------------------

  void start() {
    board_ = spawn_scoreboard(sys_);
    store_state nothing_yet;
    nothing_yet.total_files = tree_.files;
    nothing_yet.total_bytes = tree_.bytes;
    compat::anon_send(board_, nothing_yet);
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
    result.store.last_file = last_file_;
    result.store.total = tree_;
    result.when_done = [me = me()] {
      compat::anon_send(me, everything_done{});
    };
    return result;
  }

  void play() {
    auto& asked = result_.asked;
    auto all = asked.duration;
    auto timed = all > nanoseconds{0};
    wait(timed ? std::min(warm_up_time, all / 10) : warm_up_time);
    enter(stage::quiet);
    wait(timed ? std::min(quiet_time, all / 3) : quiet_time);
    if (!over())
      play_busily();
    if (timed)
      wait(started_ + all - clock::now());
    result_.running_time = clock::now() - started_;
    enter(stage::stopping);
  }

  void play_busily() {
    auto all = result_.asked.duration;
    auto begun = clock::now();
    enter(stage::busy);
    swarm_->start_feeding();
    auto end = all > nanoseconds{0} ? started_ + all : clock::time_point::max();
    while (!everything_done_ && !over() && clock::now() < end)
      receive(end - clock::now());
    result_.busy_time = clock::now() - begun;
    if (everything_done_)
      enter(stage::unmeasured);
  }

  void enter(stage what) {
    swarm_->enter(what);
    compat::anon_send(board_, enter_stage{what});
  }

  void wait(nanoseconds time) {
    auto end = clock::now() + time;
    while (!over() && clock::now() < end)
      receive(end - clock::now());
  }

  // Takes one message, or waits for `limit`.
  void receive(nanoseconds limit) {
    auto patience = std::min<nanoseconds>(limit, std::chrono::hours{1});
    self_->receive([this](stop_requested) { result_.stopped = true; },
                   [this](everything_done) { everything_done_ = true; },
                   [this](const alert& x) {
                     if (x.kind == alert_kind::failed && x.raised)
                       told().failure = x.message;
                   },
                   caf::after(patience) >>
                     [] {
                       // nop
                     });
  }

  bool over() const {
    return result_.stopped || !result_.told.failure.empty();
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
    if (auto receipt = client_->close())
      told().closing = *receipt;
    else if (told().failure.empty())
      told().failure = describe(receipt.error());
    if (auto last = client_->statistics())
      told().database = std::move(*last);
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
    append(told_checks(told()));
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

  void report() {
    if (result_.asked.json) {
      write_out(summary_json(result_) + '\n');
      return;
    }
    std::string text = result_.asked.quiet || live_ ? "" : "\n";
    for (auto& line : summary(result_))
      text += line.render(wants_colours()) + '\n';
    write_out(text);
  }

  evidence& told() {
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

  node_config& cfg_;
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
  int64_t last_file_ = 0;
  tree_size tree_;
  clock::time_point started_;
  bool everything_done_ = false;
};

} // namespace

int run_demo(node_config& cfg, const demo_arguments& args) {
  try {
    return demo{cfg, args}.run();
  } catch (run_failure& err) {
    std::cerr << "onewriter: " << err.text << '\n';
    return err.status;
  }
}

} // namespace onewriter::node
