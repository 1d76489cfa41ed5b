#include "bench/processes/process_backends.hpp"

#include "bench/file/items.hpp"
#include "bench/onewriter/bench_system.hpp"
#include "bench/onewriter/client_actors.hpp"
#include "bench/onewriter/require.hpp"
#include "bench/processes/client_process.hpp"
#include "bench/threads/clients.hpp"
#include "onewriter/open.hpp"

#include <atomic>
#include <memory>

namespace onewriter::bench {

namespace {

using processes = std::vector<std::unique_ptr<client_process>>;

processes start_processes(process_orders orders) {
  processes result;
  for (; result.size() < orders.what.clients; ++orders.client)
    result.push_back(std::make_unique<client_process>(orders));
  return result;
}

// Returns the number of replies. A client ends early when its input does.
uint64_t run_processes(processes& all, recorder& records) {
  std::atomic<uint64_t> replies{0};
  records.start();
  for (auto& x : all)
    x->start();
  thread_group threads;
  for (size_t i = 0; i < all.size(); ++i)
    threads.start([&, i] {
      replies += record_reports(*all[i], i, records);
      all[i]->end();
    });
  threads.join();
  return replies;
}

process_orders orders_for(process_role role, const task& what,
                          const options& at) {
  process_orders result;
  result.role = role;
  result.path = at.path;
  result.synchronous = at.synchronous;
  result.what = what;
  return result;
}

void run_joined(const std::vector<std::string>& words, const task& what,
                const options& at, recorder& records) {
  bench_system in{system_setup::node, words};
  scoped_database db{in.actors(), require(onewriter::open(
                                    in.actors(), in.database_options(at)))};
  make_schema(*db, what);
  auto orders = orders_for(process_role::joined, what, at);
  orders.passed_on = words;
  auto clients = start_processes(std::move(orders));
  auto before = require(db->statistics()).commits;
  run_processes(clients, records);
  records.commits(require(db->statistics()).commits - before);
}

void run_contended_processes(const task& what, const options& at,
                             recorder& records) {
  auto db = create_file(at, what.rows);
  auto clients = start_processes(orders_for(process_role::contended, what, at));
  records.commits(run_processes(clients, records));
}

bool is_for_processes(const task& what) {
  return is_plain(what) && what.readers == 0 && what.rows_before == 0
         && what.rows.rows_per_write == 1 && what.rows.indexes == 0;
}

} // namespace

std::vector<backend> process_backends(const std::vector<std::string>& words) {
  return {{"onewriter-processes",
           "client processes, each with onewriter::open; another process owns "
           "the file",
           is_for_processes,
           [words](const task& what, const options& at, recorder& records) {
             run_joined(words, what, at, records);
           }},
          {"contended-processes",
           "client processes, each with a connection of its own, BEGIN "
           "IMMEDIATE, busy timeout 5 s; what waits in one process shares a "
           "transaction",
           is_for_processes, run_contended_processes}};
}

} // namespace onewriter::bench
