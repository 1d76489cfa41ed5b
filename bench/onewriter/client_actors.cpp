#include "bench/onewriter/client_actors.hpp"

#include "bench/file/schema.hpp"
#include "bench/load/background_load.hpp"
#include "bench/onewriter/require.hpp"
#include "onewriter/compat/messaging.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

void make_schema(client& db, const task& what) {
  // A file with rows has its table.
  auto statements
    = what.rows_before > 0 ? std::vector<std::string>{} : schema_sql(what.rows);
  auto more = background_schema_sql(what.beside);
  statements.insert(statements.end(), more.begin(), more.end());
  for (auto& sql : statements)
    require(db.write(std::move(sql)));
}

void run_client_actors(caf::actor_system& sys, load_context context) {
  auto generator = spawn_load_generator(sys, std::move(context));
  caf::scoped_actor self{sys};
  caf::error failure;
  compat::request(self, generator, caf::infinite, run_load{})
    .receive([] {}, [&](caf::error& err) { failure = std::move(err); });
  require(failure);
}

} // namespace onewriter::bench
