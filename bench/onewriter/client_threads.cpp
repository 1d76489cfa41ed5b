#include "bench/onewriter/client_threads.hpp"

#include "bench/file/schema.hpp"
#include "bench/load/write_message.hpp"
#include "bench/threads/clients.hpp"
#include "onewriter/client.hpp"
#include "onewriter/failure.hpp"

#include <stdexcept>

namespace onewriter::bench {

namespace {

// Too much load is something to be counted; anything else, to be shown.
void write_through(client& db, const std::string& sql, const item_write& what,
                   recorder& records) {
  for (;;) {
    auto receipt = db.write(message_of(sql, what));
    if (receipt)
      return;
    if (receipt.error() != ec::overloaded)
      throw std::runtime_error{onewriter::describe(receipt.error())};
    records.refused();
  }
}

bool read_through(client& db, uint64_t id) {
  auto found = db.query(select_sql, static_cast<int64_t>(id));
  if (!found)
    throw std::runtime_error{onewriter::describe(found.error())};
  return !found->rows.empty();
}

} // namespace

void run_client_threads(caf::actor_system& sys, const database_actor& database,
                        const task& what, recorder& records) {
  auto sql = insert_sql(what.rows);
  records.start();
  thread_group threads;
  for (size_t i = 0; i < what.clients; ++i)
    threads.start([&, i] {
      client db{sys, database};
      write_until_end(what, i, records, [&](const item_write& next) {
        write_through(db, sql, next, records);
      });
    });
  for (size_t i = 0; i < what.readers; ++i)
    threads.start([&, i] {
      client db{sys, database};
      read_until_end(what, i, records,
                     [&](uint64_t id) { return read_through(db, id); });
    });
  threads.join();
}

} // namespace onewriter::bench
