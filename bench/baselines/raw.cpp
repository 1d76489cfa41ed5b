#include "bench/baselines/raw.hpp"

#include "bench/threads/clients.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

// Returns the number of transactions.
uint64_t write_all(item_writer& db, const task& what, uint64_t writes_at_once,
                   recorder& records) {
  auto next = item_write{what.rows, 0};
  auto rows_at_once = writes_at_once * what.rows.rows_per_write;
  uint64_t transactions = 0;
  auto now = recorder::clock::now();
  for (uint64_t first = 0; now < records.end(); first += writes_at_once) {
    // A single row needs no BEGIN.
    if (rows_at_once > 1)
      db.begin();
    for (uint64_t i = 0; i < writes_at_once; ++i) {
      next.fill(what.rows, first + i);
      db.insert(next);
    }
    if (rows_at_once > 1)
      db.commit();
    ++transactions;
    now = records.acknowledged(0, first, writes_at_once, now);
  }
  return transactions;
}

void run_raw(const task& what, const options& opts, size_t rows_per_transaction,
             recorder& records) {
  auto writes_at_once
    = std::max(rows_per_transaction / what.rows.rows_per_write, size_t{1});
  auto db = item_writer{create_file(opts, what.rows), what.rows};
  auto readers = open_readers(what, opts);
  records.start();
  thread_group threads;
  start_readers(threads, readers, what, records);
  records.commits(write_all(db, what, writes_at_once, records));
  threads.join();
}

} // namespace

backend raw(size_t rows_per_transaction) {
  auto count = std::to_string(rows_per_transaction);
  return {"raw-" + count,
          "one thread alone with its file, " + count
            + (rows_per_transaction == 1 ? " row" : " rows")
            + " per transaction: SQLite's own limit",
          is_plain,
          [=](const task& what, const options& opts, recorder& records) {
            run_raw(what, opts, rows_per_transaction, records);
          }};
}

} // namespace onewriter::bench
