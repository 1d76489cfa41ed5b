#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace onewriter {

/// What a `closing_sequence` closes. With `drain`, each part carries out what
/// it has accepted; without, it refuses that. All functions are called by the
/// database actor and return at once.
class closing_parts {
public:
  using clock = std::chrono::steady_clock;

  virtual ~closing_parts() = default;

  /// Returns whether all parts that were asked to start have started. One that
  /// starts later would open a file that is closed already, and leave a log.
  virtual bool all_have_started() const = 0;

  /// Ends the index jobs. Returns false if there is no indexer; else calls
  /// `when_closed` later with the number of requests refused.
  virtual bool
  close_indexer(bool drain, std::function<void(uint64_t refused)> when_closed)
    = 0;

  /// Tells an indexer that is draining to refuse the rest.
  virtual void hurry_indexer() = 0;

  /// Sends the best-effort messages to the writer, or drops them. Returns
  /// whether none is waiting or in flight.
  virtual bool finish_best_effort(bool drain) = 0;

  /// Ends the readers. Returns false if there are none; else calls
  /// `when_closed` later.
  virtual bool close_readers(bool drain, std::function<void()> when_closed) = 0;

  /// Tells readers that are draining to refuse the rest.
  virtual void hurry_readers() = 0;

  /// Stops the requests that run, those that read and those that write: they
  /// get `ec::closed`.
  virtual void stop_running() = 0;

  /// Asks the writer, which has the file open, to close it. Requests that are
  /// left at `limit` are refused.
  virtual void close_file(bool drain, clock::time_point limit) = 0;

  /// Refuses what waits for a writer, since there is none. Returns the number
  /// of requests.
  virtual uint64_t refuse_writes() = 0;

  /// Returns the number of the last commit, as far as it is known without a
  /// writer.
  virtual uint64_t last_commit() const = 0;

  /// Ends the supervisor, and all actors that are left with it.
  virtual void stop_children() = 0;
};

} // namespace onewriter
