#include "tests/crash/process/writer_role.hpp"

#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/crash/document.hpp"
#include "tests/crash/numbered_row.hpp"
#include "tests/crash/process/row_client.hpp"
#include "tests/strain/burden.hpp"
#include "tests/strain/log_pin.hpp"
#include "tests/strain/tiny_resources.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;

// Dies with the driver, also where that was killed.
void follow(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(1);
}

sigset_t stop_signal() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGTERM);
  return result;
}

/// Waits for SIGTERM; returns whether it has come.
bool is_stopped_within(std::chrono::nanoseconds limit) {
  auto signals = stop_signal();
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
  timespec time{};
  time.tv_sec = seconds.count();
  time.tv_nsec = (limit - seconds).count();
  return ::sigtimedwait(&signals, nullptr, &time) == SIGTERM;
}

template <class T>
T value_of(caf::expected<T> x) {
  if (!x)
    throw std::runtime_error{describe(x.error())};
  return std::move(*x);
}

class writer_role {
public:
  writer_role(caf::actor_system& sys, const writer_orders& orders,
              const options& opts)
    : sys_{sys},
      orders_{orders},
      tell_{orders.events},
      db_{sys, value_of(open_database(sys, opts))} {
    tell_.say("opened");
  }

  void run() {
    auto tables = creation_of_tables();
    if (orders_.tiny)
      add_burden_tables(tables);
    value_of(db_.write(std::move(tables)));
    if (orders_.pinned)
      pin_log();
    start_clients();
    if (!orders_.document.empty())
      start_indexing(orders_.document);
    if (orders_.last)
      finish();
    else
      serve();
    close();
  }

private:
  void start_clients() {
    auto company = std::make_shared<client_company>();
    company->database = db_.database();
    company->folder = orders_.folder;
    company->keyed = orders_.keyed;
    company->burdened = orders_.tiny;
    company->last = orders_.last;
    company->outstanding = orders_.outstanding;
    company->tell = tell_;
    for (uint32_t i = 0; i < client_count; ++i)
      clients_.push_back(spawn_row_client(sys_, company, i));
  }

  // The cursor runs as long as the database does.
  void pin_log() {
    caf::scoped_actor self{sys_};
    auto fail = [this](const caf::error& err) {
      tell_.say("trouble the log cannot be pinned: " + describe(err));
    };
    compat::request(self, db_.database(), caf::infinite, pinning_cursor())
      .receive([&](cursor_actor& x) { pin_ = x; }, fail);
    if (pin_)
      compat::request(self, pin_, caf::infinite, next_page{})
        .receive([this](const cursor_page&) { tell_.say("pinned"); }, fail);
  }

  // A function of the actor, so that the reply can come at any time.
  void start_indexing(const std::string& name) {
    tell_.say("indexing");
    sys_.spawn(
      [database = db_.database(), tell = tell_](caf::event_based_actor* self,
                                                const chunked_index& what) {
        compat::request(self, database, caf::infinite, what)
          .then([tell](const index_receipt&) { tell.say("indexed"); },
                [tell](const caf::error& err) {
                  if (err != ec::closed)
                    tell.say("trouble index: " + describe(err));
                });
      },
      indexing_of(orders_.folder, name));
  }

  // Writes on until it is told to stop, or killed.
  void serve() {
    auto pause = orders_.checkpoints ? std::chrono::nanoseconds{20ms} : 1h;
    auto truncate = false;
    while (!is_stopped_within(pause)) {
      if (!orders_.checkpoints)
        continue;
      tell_.say("checkpoint");
      value_of(db_.checkpoint(checkpoint{truncate}));
      truncate = !truncate;
    }
    tell_.say("stopping");
  }

  // Sees to it that all is answered that earlier runs have begun.
  void finish() {
    wait_for_clients();
    for (auto& name : documents_in(orders_.folder))
      check_document(name);
  }

  // No search may ever find a part of a document.
  void check_document(const std::string& name) {
    auto found_before = passages_found(db_, name);
    auto receipt = value_of(db_.index(indexing_of(orders_.folder, name)));
    if (receipt.unchanged || receipt.resumed)
      tell_.say("kept");
    auto found = passages_found(db_, name);
    if (found == receipt.passages
        && (found_before == 0 || found_before == found))
      tell_.say("whole");
    else
      tell_.say("trouble " + name + ": " + std::to_string(found_before)
                + ", then " + std::to_string(found) + " of "
                + std::to_string(receipt.passages) + " passages");
  }

  void close() {
    onewriter::close what;
    what.limit = std::chrono::milliseconds{orders_.limit_ms};
    auto receipt = value_of(db_.close(what));
    if (!receipt.log_removed)
      tell_.say("trouble the log is still there");
    wait_for_clients();
    tell_.say("stopped " + std::to_string(receipt.drained) + " "
              + std::to_string(receipt.refused));
  }

  // Every client ends once everything it has sent is answered.
  void wait_for_clients() {
    caf::scoped_actor self{sys_};
    for (auto& x : clients_)
      self->monitor(x);
    for (size_t i = 0; i < clients_.size(); ++i)
      self->receive([](const caf::down_msg&) {});
    clients_.clear();
  }

  caf::actor_system& sys_;
  writer_orders orders_;
  announcer tell_;
  client db_;
  cursor_actor pin_;
  std::vector<row_client_actor> clients_;
};

options to_options(const crash_config& cfg) {
  auto result = value_of(cfg.database_options());
  if (cfg.orders.tiny) {
    make_tiny(result);
    add_burden_function(result);
    add_row_function(result);
  }
  auto path = cfg.orders.folder + "/writer.log";
  result.log = [path](log_level, std::string_view line) {
    std::ofstream{path, std::ios::app} << ::getpid() << ": " << line << '\n';
  };
  return result;
}

} // namespace

int run_writer(crash_config& cfg) {
  follow(cfg.orders.parent);
  auto signals = stop_signal();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  try {
    cfg.database.path = cfg.orders.folder + "/test.db";
    caf::actor_system sys{cfg};
    writer_role{sys, cfg.orders, to_options(cfg)}.run();
    return 0;
  } catch (const std::exception& ex) {
    announcer{cfg.orders.events}.say(std::string{"trouble "} + ex.what());
    return 1;
  }
}

} // namespace onewriter::test
