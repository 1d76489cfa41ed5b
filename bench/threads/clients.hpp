#pragma once

#include "bench/file/items.hpp"
#include "bench/measure/recorder.hpp"
#include "bench/threads/thread_group.hpp"
#include "bench/workload/task.hpp"

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace onewriter::bench {

/// Whether a task wants neither arrivals at a rate nor background load.
inline bool is_plain(const task& what) {
  return what.arrivals_per_second <= 0
         && what.beside == background_load::nothing;
}

// -- clients that wait for each write ---------------------------------------------

/// Carries out one write; it is acknowledged when this returns.
using write_function = std::function<void(const item_write&)>;

/// The loop of a client that has one write on its way at a time: sends, waits,
/// records, until the recorder ends. Where arrivals have a rate, it sends each
/// when it is due or, if the one before took longer, as soon as it can, and its
/// latency counts from when it was due.
void write_until_end(const task& what, size_t client, recorder& records,
                     const write_function& write);

/// When a client sends, where arrivals have a rate: the clients take turns.
class timetable {
public:
  timetable(const task& what, size_t client, const recorder& records)
    : start_{records.end() - what.length},
      clients_{what.clients},
      client_{client},
      per_second_{what.arrivals_per_second} {
    // nop
  }

  recorder::clock::time_point due(uint64_t number) const {
    auto place = static_cast<double>(number * clients_ + client_);
    auto after = std::chrono::duration<double>{place / per_second_};
    return start_
           + std::chrono::duration_cast<recorder::clock::duration>(after);
  }

private:
  recorder::clock::time_point start_;
  size_t clients_;
  size_t client_;
  double per_second_;
};

// -- readers ----------------------------------------------------------------------

/// Reads a row by its rowid, and returns whether it is there.
using read_function = std::function<bool(uint64_t)>;

/// Draws one of the rows that were acknowledged so far, reads it, and records
/// that.
class random_reader {
public:
  random_reader(const task& what, size_t index, recorder& records,
                read_function read);

  /// Reads one row that was asked for at `asked`, and returns when it was
  /// there. Throws if it is not there.
  recorder::clock::time_point read_one(recorder::clock::time_point asked);

private:
  const task& what_;
  size_t index_;
  recorder& records_;
  read_function read_;
  std::mt19937_64 random_;
};

/// The loop of a reader in a thread of its own, until the recorder ends.
void read_until_end(const task& what, size_t reader, recorder& records,
                    const read_function& read);

/// Readers with a connection of their own each.
std::vector<item_reader> open_readers(const task& what, const options& opts);

/// Starts a thread for each.
void start_readers(thread_group& threads, std::vector<item_reader>& readers,
                   const task& what, recorder& records);

} // namespace onewriter::bench
