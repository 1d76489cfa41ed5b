#pragma once

#include "bench/peers/items.hpp"
#include "bench/peers/thread_group.hpp"
#include "bench/score_card.hpp"
#include "bench/task.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace onewriter::bench {

/// Whether a task wants neither arrivals at a rate nor company.
inline bool is_plain(const task& what) {
  return what.arrivals_per_second <= 0 && what.beside == company::nothing;
}

// -- clients that wait for each write ---------------------------------------------

/// Carries out one write; it is acknowledged when this returns.
using write_function = std::function<void(const item_write&)>;

/// What a client does that has one write on its way at a time: sends, waits,
/// notes, until the card ends. Where arrivals have a rate, it sends each when
/// it is due or, if the one before took longer, as soon as it can, and its
/// latency counts from when it was due.
void write_until_end(const task& what, size_t client, score_card& card,
                     const write_function& write);

/// When a client sends, where arrivals have a rate: the clients take turns.
class timetable {
public:
  timetable(const task& what, size_t client, const score_card& card)
    : start_{card.end() - what.length},
      clients_{what.clients},
      client_{client},
      per_second_{what.arrivals_per_second} {
    // nop
  }

  score_card::clock::time_point due(uint64_t number) const {
    auto place = static_cast<double>(number * clients_ + client_);
    auto after = std::chrono::duration<double>{place / per_second_};
    return start_
           + std::chrono::duration_cast<score_card::clock::duration>(after);
  }

private:
  score_card::clock::time_point start_;
  size_t clients_;
  size_t client_;
  double per_second_;
};

// -- readers ----------------------------------------------------------------------

/// Reads a row by its rowid, and returns whether it is there.
using read_function = std::function<bool(uint64_t)>;

/// What a reader does: draws one of the rows that were acknowledged so far,
/// reads it, notes that, until the card ends. Throws where the row is not
/// there.
void read_until_end(const task& what, size_t reader, score_card& card,
                    const read_function& read);

/// Readers with a connection of their own each.
std::vector<item_reader> open_readers(const task& what, const options& opts);

/// Starts a thread for each.
void start_readers(thread_group& threads, std::vector<item_reader>& readers,
                   const task& what, score_card& card);

} // namespace onewriter::bench
