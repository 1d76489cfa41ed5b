#pragma once

#include "bench/measure/recorder.hpp"
#include "bench/processes/process_orders.hpp"

#include <functional>

#include <sys/types.h>

namespace onewriter::bench {

/// A process of a measurement: this program again, with orders. The destructor
/// kills it if it runs.
class client_process {
public:
  /// Starts it, and blocks until it is ready. Throws `std::runtime_error`.
  explicit client_process(const process_orders& orders);

  client_process(const client_process&) = delete;

  client_process& operator=(const client_process&) = delete;

  ~client_process();

  /// Tells it to start.
  void start();

  /// Blocks, and calls `seen` for each report, until the process has nothing
  /// more to say or `seen` returns false.
  void listen(const std::function<bool(const reported_write&)>& seen);

  /// Makes it end as soon as its writes are answered.
  void stop();

  /// Stops it, and waits until it has ended. Throws `std::runtime_error` where
  /// it failed.
  void end();

  /// Kills it, and waits until it is gone.
  void kill();

private:
  int wait();

  pid_t pid_ = -1;
  // Its standard input and output.
  int input_ = -1;
  int output_ = -1;
};

/// Adds an acknowledgement to `to`.
void record(const reported_write& what, size_t client, recorder& to);

/// Adds what `from` reports about its client to `to`, to its end. Returns the
/// number of replies.
uint64_t record_reports(client_process& from, size_t client, recorder& to);

} // namespace onewriter::bench
