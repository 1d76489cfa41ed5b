#include "actors/index/jobs/index_step.hpp"

#include "actors/index/tables/fts_table.hpp"
#include "onewriter/failure.hpp"

#include <exception>
#include <new>

namespace onewriter {

namespace {

using clock_type = pending_write::clock;

// Returns whether there is more to merge.
bool merge(sticky_sql& db, int64_t index_id, clock_type::time_point end) {
  fts_table table{index_id};
  while (table.merge(db))
    if (clock_type::now() >= end)
      return true;
  return false;
}

caf::error run_step(sqlite::connection& connection, index_step& step,
                    chunk_measures& measures, std::chrono::nanoseconds limit) {
  auto start = clock_type::now();
  sticky_sql db{connection};
  step.run(db);
  flush_fts_tables(db);
  measures.units = step.units;
  measures.sized = clock_type::now() - start;
  step.unmerged = false;
  for (auto index_id : step.indexes)
    if (merge(db, index_id, start + limit / 2))
      step.unmerged = true;
  measures.all = clock_type::now() - start;
  return db.error();
}

} // namespace

chunk make_index_chunk(std::string name, std::shared_ptr<index_step> step,
                       std::chrono::nanoseconds limit) {
  chunk result;
  result.repeatable = true;
  // An exception must not end the writer: it would be thrown again.
  auto function = [step = std::move(step), measures = result.measures,
                   limit](sqlite::connection& db) -> caf::expected<result_set> {
    try {
      auto err = run_step(db, *step, *measures, limit);
      return err == caf::none ? caf::expected<result_set>{result_set{}} : err;
    } catch (const std::bad_alloc&) {
      return make_failure(ec::out_of_memory, "not enough memory for a chunk");
    } catch (const std::exception& ex) {
      return make_failure(ec::function_failed, ex.what());
    }
  };
  result.request = internal_task{std::move(name), std::move(function)};
  return result;
}

} // namespace onewriter
