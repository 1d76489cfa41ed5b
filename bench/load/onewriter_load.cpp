#include "bench/load/onewriter_load.hpp"

#include "bench/file/document.hpp"
#include "bench/file/schema.hpp"
#include "bench/load/background_load.hpp"
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
    throw std::runtime_error{describe(err)};
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

void generate(caf::actor_system& sys, load_context context) {
  auto generator = spawn_load_generator(sys, std::move(context));
  caf::scoped_actor self{sys};
  caf::error failure;
  compat::request(self, generator, caf::infinite, run_load{})
    .receive([] {}, [&](caf::error& err) { failure = std::move(err); });
  require(failure);
}

void run_onewriter(caf::actor_system& sys, const task& what,
                   const options& opts, recorder& records) {
  auto db = require(scoped_database::open(sys, suited(opts, what)));
  make_schema(*db.operator->(), what);
  auto before = require(db->statistics()).commits;
  load_context context;
  context.database = db.handle();
  context.what = what;
  // The recorder outlives all participants.
  context.records = {std::shared_ptr<void>{}, &records};
  if (what.beside == background_load::document
      || what.beside == background_load::mix)
    context.document
      = document_in(std::filesystem::path{opts.path}.parent_path().string(),
                    what.document_bytes, what.seed);
  generate(sys, std::move(context));
  records.commits(require(db->statistics()).commits - before);
}

} // namespace

backend through_onewriter(caf::actor_system& sys) {
  backend result;
  result.name = "onewriter";
  result.summary = "client actors, one database actor, one writer";
  result.suits = [](const task&) {
    return true;
  };
  result.run
    = [&sys](const task& what, const options& opts, recorder& records) {
        run_onewriter(sys, what, opts, records);
      };
  return result;
}

} // namespace onewriter::bench
