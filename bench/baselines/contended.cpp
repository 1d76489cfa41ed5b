#include "bench/baselines/contended.hpp"

#include "bench/threads/clients.hpp"

namespace onewriter::bench {

namespace {

void write_when_free(item_writer& db, const item_write& what,
                     recorder& records) {
  while (!db.begin_unless_busy())
    records.refused();
  db.insert(what);
  db.commit();
}

void run_contended(const task& what, const options& opts, recorder& records) {
  std::vector<item_writer> writers;
  writers.emplace_back(create_file(opts, what.rows), what.rows);
  while (writers.size() < what.clients)
    writers.emplace_back(
      std::make_shared<baseline_connection>(opts, access::write), what.rows);
  auto readers = open_readers(what, opts);
  records.start();
  thread_group threads;
  for (size_t i = 0; i < what.clients; ++i)
    threads.start([&, i] {
      write_until_end(what, i, records, [&](const item_write& next) {
        write_when_free(writers[i], next, records);
      });
    });
  start_readers(threads, readers, what, records);
  threads.join();
  records.commits(records.writes_so_far());
}

} // namespace

backend contended() {
  return {
    "contended",
    "a connection per thread, BEGIN IMMEDIATE, busy timeout 5 s; one "
    "write at a time per thread",
    [](const task& what) { return what.beside == background_load::nothing; },
    run_contended};
}

} // namespace onewriter::bench
