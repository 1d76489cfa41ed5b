#include "bench/onewriter/onewriter_backends.hpp"

#include "bench/file/document.hpp"
#include "bench/file/schema.hpp"
#include "bench/load/background_load.hpp"
#include "bench/onewriter/bench_system.hpp"
#include "bench/onewriter/client_threads.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

namespace {

void require(const caf::error& err) {
  if (err != caf::none)
    throw std::runtime_error{onewriter::describe(err)};
}

template <class T>
T require(caf::expected<T> x) {
  if (!x)
    require(x.error());
  return std::move(*x);
}

void make_schema(client& db, const task& what) {
  // A file with rows has its table.
  auto statements
    = what.rows_before > 0 ? std::vector<std::string>{} : schema_sql(what.rows);
  auto more = background_schema_sql(what.beside);
  statements.insert(statements.end(), more.begin(), more.end());
  for (auto& sql : statements)
    require(db.write(std::move(sql)));
}

// Failures on purpose must not make the supervisor give up.
options suited(options opts, const task& what) {
  if (what.beside != background_load::restarts)
    return opts;
  opts.allow_failure_injection = true;
  opts.restarts.max_restarts = 1'000'000;
  opts.restarts.initial_delay = std::chrono::milliseconds{1};
  opts.restarts.max_delay = std::chrono::milliseconds{1};
  return opts;
}

std::string document_for(const task& what, const options& opts) {
  if (what.beside != background_load::document
      && what.beside != background_load::mix)
    return {};
  return document_in(std::filesystem::path{opts.path}.parent_path().string(),
                     what.document_bytes, what.seed);
}

void run_client_actors(caf::actor_system& sys, load_context context) {
  auto generator = spawn_load_generator(sys, std::move(context));
  caf::scoped_actor self{sys};
  caf::error failure;
  compat::request(self, generator, caf::infinite, run_load{})
    .receive([] {}, [&](caf::error& err) { failure = std::move(err); });
  require(failure);
}

/// Who calls the database.
enum class callers : uint8_t { actors, threads };

struct own_backend {
  const char* name;
  const char* summary;
  system_setup setup;
  callers who;
};

constexpr own_backend own_backends[] = {
  {"onewriter", "client actors, one database actor, one writer; no option set",
   system_setup::defaults, callers::actors},
  {"onewriter-threads",
   "threads with a blocking client each, no option set; one write at a time "
   "per thread",
   system_setup::defaults, callers::threads},
  {"node",
   "client actors; scheduler, writer and quick queries set up as in the node",
   system_setup::node, callers::actors},
  {"node-threads",
   "threads with a blocking client each, set up as in the node; one write at "
   "a time per thread",
   system_setup::node, callers::threads},
};

void run_own(const own_backend& how, const std::vector<std::string>& words,
             const task& what, const options& at, recorder& records) {
  bench_system in{how.setup, words};
  auto opts = suited(in.database_options(at), what);
  auto db = require(scoped_database::open(in.actors(), opts));
  make_schema(*db, what);
  auto before = require(db->statistics()).commits;
  if (how.who == callers::threads)
    run_client_threads(in.actors(), db.handle(), what, records);
  else
    // The recorder outlives all participants.
    run_client_actors(in.actors(), {db.handle(),
                                    what,
                                    {std::shared_ptr<void>{}, &records},
                                    document_for(what, opts)});
  records.commits(require(db->statistics()).commits - before);
}

bool own_suits(const own_backend& how, const task& what) {
  return how.who == callers::actors || what.beside == background_load::nothing;
}

} // namespace

std::vector<backend> onewriter_backends(const std::vector<std::string>& words) {
  std::vector<backend> result;
  for (auto& how : own_backends)
    result.push_back(
      {how.name, how.summary,
       [&how](const task& what) { return own_suits(how, what); },
       [&how, words](const task& what, const options& at, recorder& records) {
         run_own(how, words, what, at, records);
       }});
  return result;
}

} // namespace onewriter::bench
