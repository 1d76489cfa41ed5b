#include "bench/baselines/contended.hpp"

#include "bench/baselines/clients.hpp"

namespace onewriter::bench {

namespace {

void write(item_writer& db, const item_write& what, recorder& card) {
  while (!db.begin_unless_busy())
    card.refused();
  db.insert(what);
  db.commit();
}

void run(const task& what, const options& opts, recorder& card) {
  std::vector<item_writer> writers;
  writers.emplace_back(create_file(opts, what.rows), what.rows);
  while (writers.size() < what.clients)
    writers.emplace_back(std::make_shared<peer_connection>(opts, access::write),
                         what.rows);
  auto readers = open_readers(what, opts);
  card.start();
  thread_group threads;
  for (size_t i = 0; i < what.clients; ++i)
    threads.start([&, i] {
      write_until_end(what, i, card, [&](const item_write& next) {
        write(writers[i], next, card);
      });
    });
  start_readers(threads, readers, what, card);
  threads.join();
  card.commits(card.writes_so_far());
}

} // namespace

arrangement contended() {
  return {
    "contended",
    "a connection per thread, BEGIN IMMEDIATE, busy timeout 5 s; one "
    "write at a time per thread",
    [](const task& what) { return what.beside == background_load::nothing; },
    run};
}

} // namespace onewriter::bench
