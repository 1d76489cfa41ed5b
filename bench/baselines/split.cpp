#include "bench/baselines/split.hpp"

#include "bench/threads/clients.hpp"
#include "bench/threads/pool.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

// The pool's size where the task says nothing.
constexpr size_t default_readers = 4;

std::vector<item_writer> open_writer(const options& opts,
                                     const row_shape& rows) {
  std::vector<item_writer> result;
  result.emplace_back(create_file(opts, rows), rows);
  return result;
}

task with_readers(task what) {
  if (what.readers == 0)
    what.readers = default_readers;
  return what;
}

void run_split(const task& what, const options& opts, recorder& records) {
  pool<item_writer> writers{open_writer(opts, what.rows)};
  pool<item_reader> readers{open_readers(with_readers(what), opts)};
  records.start();
  thread_group threads;
  for (size_t i = 0; i < what.clients; ++i)
    threads.start([&, i] {
      write_until_end(what, i, records, [&](const item_write& next) {
        writers.borrow()->write(next);
      });
    });
  for (size_t i = 0; i < what.readers; ++i)
    threads.start([&, i] {
      read_until_end(what, i, records,
                     [&](uint64_t id) { return readers.borrow()->read(id); });
    });
  threads.join();
  records.commits(records.writes_so_far());
}

} // namespace

backend split() {
  return {"split",
          "a pool of readers and a pool of one writer, which threads wait for; "
          "one write at a time per thread",
          is_plain, run_split};
}

} // namespace onewriter::bench
