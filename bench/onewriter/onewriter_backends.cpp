#include "bench/onewriter/onewriter_backends.hpp"

#include "bench/file/document.hpp"
#include "bench/onewriter/bench_system.hpp"
#include "bench/onewriter/client_actors.hpp"
#include "bench/onewriter/client_threads.hpp"
#include "bench/onewriter/require.hpp"
#include "onewriter/client.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

namespace {

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
                                    document_for(what, opts),
                                    0});
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
