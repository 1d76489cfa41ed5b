#include "bench/processes/client_role.hpp"

#include "bench/measure/recorder.hpp"
#include "bench/onewriter/bench_system.hpp"
#include "bench/onewriter/client_actors.hpp"
#include "bench/onewriter/require.hpp"
#include "bench/threads/clients.hpp"
#include "onewriter/open.hpp"

#include <cerrno>
#include <thread>

#include <unistd.h>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

// What is reported at once, and how long it waits for more.
constexpr size_t most_in_report = 1'024;
constexpr auto report_interval = std::chrono::milliseconds{5};

int64_t in_ns(clock::time_point x) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
           x.time_since_epoch())
    .count();
}

/// Standard output as a stream of reports. One thread at a time.
class reporter {
public:
  void add(const reported_write& what, clock::time_point now) {
    pending_.push_back(what);
    if (pending_.size() >= most_in_report || now - last_ > report_interval) {
      flush();
      last_ = now;
    }
  }

  // Nothing is lost where the parent is gone: nothing is measured then.
  void flush() {
    auto data = reinterpret_cast<const char*>(pending_.data());
    auto left = pending_.size() * sizeof(reported_write);
    while (left > 0) {
      auto written = ::write(STDOUT_FILENO, data, left);
      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        break;
      data += written;
      left -= static_cast<size_t>(written);
    }
    pending_.clear();
  }

private:
  std::vector<reported_write> pending_;
  clock::time_point last_ = clock::now();
};

/// One client of a measurement, with its recorder.
class client_role {
public:
  explicit client_role(const process_orders& orders)
    : orders_{orders},
      records_{orders.what} {
    records_.report([this](uint64_t first, uint64_t count,
                           clock::time_point sent, clock::time_point now) {
      reports_.add({first, count, in_ns(sent), in_ns(now)}, now);
    });
  }

  ~client_role() {
    if (parent_.joinable())
      parent_.join();
  }

  void join() {
    bench_system in{system_setup::node, orders_.passed_on};
    options at;
    at.path = orders_.path;
    at.synchronous = orders_.synchronous;
    scoped_database db{in.actors(), require(onewriter::open(
                                      in.actors(), in.database_options(at)))};
    if (orders_.role == process_role::owner) {
      make_schema(*db, orders_.what);
      return stay();
    }
    wait_for_start();
    auto what = orders_.what;
    what.clients = 1;
    run_client_actors(in.actors(), {db.handle(),
                                    what,
                                    {std::shared_ptr<void>{}, &records_},
                                    {},
                                    orders_.client});
    end();
  }

  void contend() {
    options opts;
    opts.path = orders_.path;
    opts.synchronous = orders_.synchronous;
    item_writer db{std::make_shared<baseline_connection>(opts, access::write),
                   orders_.what.rows};
    wait_for_start();
    for (uint64_t first = 0; clock::now() < records_.end();
         first += orders_.what.outstanding)
      write_all(db, first);
    if (refused_ > 0)
      reports_.add({refused_, 0, 0, 0}, clock::now());
    end();
  }

private:
  // What waits in one process goes into one transaction.
  void write_all(item_writer& db, uint64_t first) {
    item_write next{orders_.what.rows, orders_.client};
    auto sent = clock::now();
    while (!db.begin_unless_busy())
      ++refused_;
    for (size_t i = 0; i < orders_.what.outstanding; ++i) {
      next.fill(orders_.what.rows, first + i);
      db.insert(next);
    }
    db.commit();
    records_.acknowledged(orders_.client, first, orders_.what.outstanding,
                          sent);
  }

  static bool has_more() {
    char word = 0;
    ssize_t size = -1;
    do
      size = ::read(STDIN_FILENO, &word, 1);
    while (size < 0 && errno == EINTR);
    return size > 0;
  }

  void say_ready() {
    reports_.add({}, clock::now());
    reports_.flush();
  }

  void stay() {
    say_ready();
    while (has_more())
      continue;
  }

  void wait_for_start() {
    say_ready();
    if (!has_more())
      throw std::runtime_error{"there is nothing to measure"};
    records_.start();
    parent_ = std::thread{[this] {
      while (has_more())
        continue;
      records_.stop();
    }};
  }

  // The parent ends standard input when it has seen the end of the reports.
  void end() {
    reports_.flush();
    ::close(STDOUT_FILENO);
  }

  const process_orders& orders_;
  recorder records_;
  reporter reports_;
  uint64_t refused_ = 0;
  std::thread parent_;
};

} // namespace

int run_client_role(const process_orders& orders) {
  client_role role{orders};
  if (orders.role == process_role::contended)
    role.contend();
  else
    role.join();
  return 0;
}

} // namespace onewriter::bench
