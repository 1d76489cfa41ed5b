#include "bench/targets/takeover_target.hpp"

#include "bench/file/fresh_file.hpp"
#include "bench/measure/progress_line.hpp"
#include "bench/processes/client_process.hpp"
#include "bench/threads/thread_group.hpp"
#include "bench/workload/workloads.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

constexpr size_t client_count = 4;

// All are at work before the owner is killed.
constexpr uint64_t replies_before = 50;

constexpr auto most_patience = std::chrono::seconds{30};

constexpr double most_takeover_ms = 1'000;

double ms_between(clock::time_point from, clock::time_point to) {
  return std::chrono::duration<double, std::milli>{to - from}.count();
}

void wait_until(const std::function<bool()>& is_so) {
  auto limit = clock::now() + most_patience;
  while (!is_so()) {
    if (clock::now() > limit)
      throw std::runtime_error{"the other processes do not go on"};
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

/// What one process has seen.
struct survivor {
  std::atomic<uint64_t> replies{0};
  // To a write that was sent when the owner was gone; zero before.
  std::atomic<int64_t> first_after_ns{0};
};

/// One owner that is killed.
class takeover {
public:
  takeover(const bench_setting& in, const std::string& path)
    : records_{load()} {
    process_orders orders;
    orders.role = process_role::owner;
    orders.path = path;
    orders.what = load();
    orders.passed_on = in.asked.passed_on;
    owner_ = std::make_unique<client_process>(orders);
    orders.role = process_role::joined;
    for (; clients_.size() < client_count; ++orders.client)
      clients_.push_back(std::make_unique<client_process>(orders));
  }

  /// Returns the time to the first process's reply, and to the last one's.
  std::pair<double, double> run() {
    records_.start();
    for (size_t i = 0; i < client_count; ++i)
      start(i);
    wait_until(
      [&] { return all([](auto& x) { return x.replies >= replies_before; }); });
    auto killed = clock::now();
    owner_->kill();
    gone_ns_ = clock::now().time_since_epoch().count();
    wait_until(
      [&] { return all([](auto& x) { return x.first_after_ns != 0; }); });
    for (auto& x : clients_)
      x->stop();
    listeners_.join();
    for (auto& x : clients_)
      x->end();
    return times_since(killed);
  }

  void verify(const std::string& path) const {
    records_.verify(path);
  }

private:
  // It is stopped long before its end.
  static task load() {
    auto result = closed_loop(client_count, 1);
    result.length = 2 * most_patience;
    return result;
  }

  void start(size_t index) {
    clients_[index]->start();
    listeners_.start([this, index] {
      auto& seen = seen_[index];
      clients_[index]->listen([&](const reported_write& x) {
        record(x, index, records_);
        if (gone_ns_ != 0 && x.sent_ns > gone_ns_ && seen.first_after_ns == 0)
          seen.first_after_ns = x.now_ns;
        ++seen.replies;
        return true;
      });
    });
  }

  template <class Predicate>
  bool all(Predicate is_so) const {
    return std::all_of(std::begin(seen_), std::end(seen_), is_so);
  }

  std::pair<double, double> times_since(clock::time_point killed) const {
    std::vector<double> times;
    for (auto& x : seen_)
      times.push_back(ms_between(
        killed, clock::time_point{clock::duration{x.first_after_ns.load()}}));
    auto [first, last] = std::minmax_element(times.begin(), times.end());
    return {*first, *last};
  }

  recorder records_;
  std::unique_ptr<client_process> owner_;
  std::vector<std::unique_ptr<client_process>> clients_;
  std::atomic<int64_t> gone_ns_{0};
  survivor seen_[client_count];
  thread_group listeners_;
};

double middle_of(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all.empty() ? not_measured : all[(all.size() - 1) / 2];
}

double largest_of(const std::vector<double>& all) {
  return all.empty() ? not_measured : *std::max_element(all.begin(), all.end());
}

} // namespace

finding measure_takeovers(const bench_setting& in,
                          std::vector<std::string>& failures) {
  std::vector<double> first;
  std::vector<double> last;
  for (size_t i = 0; i < in.asked.takeovers && !in.interrupted; ++i) {
    progress_line line{i + 1, in.asked.takeovers, "takeover"};
    fresh_file file{in.folder};
    try {
      takeover one{in, file.path()};
      auto [to_first, to_last] = one.run();
      one.verify(file.path());
      first.push_back(to_first);
      last.push_back(to_last);
    } catch (const std::exception& ex) {
      failures.push_back(std::string{"takeover: "} + ex.what());
    }
  }
  finding result;
  result.name = "SIGKILL of the owner under load, full, "
                + std::to_string(first.size())
                + " times: longest time to the next acknowledged write";
  result.figure = figure::takeover;
  result.is_ratio = false;
  result.is_least = false;
  result.limit = most_takeover_ms;
  result.measured = largest_of(first);
  result.figures = {{"longest", result.measured},
                    {"median", middle_of(first)},
                    {"longest until all four go on", largest_of(last)},
                    {"median of that", middle_of(last)}};
  return result;
}

} // namespace onewriter::bench
