#include "bench/baselines/mutex.hpp"

#include "bench/threads/clients.hpp"

#include <mutex>

namespace onewriter::bench {

namespace {

// Shared by all threads.
struct guarded_file {
  guarded_file(const options& opts, const row_shape& rows)
    : guarded_file{create_file(opts, rows), rows} {
    // nop
  }

  guarded_file(const baseline_connection_ptr& db, const row_shape& rows)
    : writer{db, rows},
      reader{db} {
    // nop
  }

  void write(const item_write& what) {
    std::lock_guard<std::mutex> guard{access};
    writer.write(what);
  }

  bool read(uint64_t id) {
    std::lock_guard<std::mutex> guard{access};
    return reader.read(id);
  }

  std::mutex access;
  item_writer writer;
  item_reader reader;
};

void run_mutex(const task& what, const options& opts, recorder& records) {
  auto db = guarded_file{opts, what.rows};
  records.start();
  thread_group threads;
  for (size_t i = 0; i < what.clients; ++i)
    threads.start([&, i] {
      write_until_end(what, i, records,
                      [&](const item_write& next) { db.write(next); });
    });
  for (size_t i = 0; i < what.readers; ++i)
    threads.start([&, i] {
      read_until_end(what, i, records,
                     [&](uint64_t id) { return db.read(id); });
    });
  threads.join();
  records.commits(records.writes_so_far());
}

} // namespace

backend mutex() {
  return {"mutex",
          "one connection behind a mutex, for writers and readers; one write "
          "at a time per thread",
          is_plain, run_mutex};
}

} // namespace onewriter::bench
