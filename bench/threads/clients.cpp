#include "bench/threads/clients.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

void write_as_fast_as_possible(const task& what, size_t client,
                               recorder& records, const write_function& write) {
  auto next = item_write{what.rows, client};
  auto now = clock::now();
  for (uint64_t number = 0; now < records.end(); ++number) {
    next.fill(what.rows, number);
    write(next);
    now = records.acknowledged(client, number, now);
  }
}

void write_on_schedule(const task& what, size_t client, recorder& records,
                       const write_function& write) {
  auto plan = timetable{what, client, records};
  auto next = item_write{what.rows, client};
  auto now = clock::now();
  for (uint64_t number = 0; std::max(now, plan.due(number)) < records.end();
       ++number) {
    next.fill(what.rows, number);
    std::this_thread::sleep_until(plan.due(number));
    write(next);
    now = records.acknowledged(client, number, plan.due(number));
  }
}

} // namespace

void write_until_end(const task& what, size_t client, recorder& records,
                     const write_function& write) {
  if (what.arrivals_per_second > 0)
    write_on_schedule(what, client, records, write);
  else
    write_as_fast_as_possible(what, client, records, write);
}

random_reader::random_reader(const task& what, size_t index, recorder& records,
                             read_function read)
  : what_{what},
    index_{index},
    records_{records},
    read_{std::move(read)},
    random_{what.seed + index} {
  // nop
}

clock::time_point random_reader::read_one(clock::time_point asked) {
  // Nothing is ever deleted, so that rowids count the rows.
  auto rows = records_.writes_so_far() * what_.rows.rows_per_write;
  auto id = 1 + random_() % std::max(rows, uint64_t{1});
  if (!read_(id) && id <= rows)
    throw std::runtime_error{"a reader did not find row " + std::to_string(id)
                             + ", which was acknowledged"};
  return records_.read(index_, asked);
}

void read_until_end(const task& what, size_t reader, recorder& records,
                    const read_function& read) {
  random_reader rows{what, reader, records, read};
  for (auto now = clock::now(); now < records.end();)
    now = rows.read_one(now);
}

std::vector<item_reader> open_readers(const task& what, const options& opts) {
  std::vector<item_reader> result;
  for (size_t i = 0; i < what.readers; ++i)
    result.emplace_back(
      std::make_shared<baseline_connection>(opts, access::read));
  return result;
}

void start_readers(thread_group& threads, std::vector<item_reader>& readers,
                   const task& what, recorder& records) {
  for (size_t i = 0; i < readers.size(); ++i)
    threads.start([&, i] {
      read_until_end(what, i, records,
                     [&](uint64_t id) { return readers[i].read(id); });
    });
}

} // namespace onewriter::bench
