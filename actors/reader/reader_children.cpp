#include "actors/reader/reader_children.hpp"

#include "actors/reader/reader_pool.hpp"
#include "actors/reader/worker/sqlite_reader.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace onewriter {

namespace {

std::string id_of_reader(uint32_t slot, uint32_t dedicated) {
  return slot < dedicated ? "reader " + std::to_string(slot)
                          : "inline reader " + std::to_string(slot - dedicated);
}

child_spec reader_child(const reader_context& context, uint32_t slot) {
  child_spec result;
  result.id = id_of_reader(slot, context.opts->readers);
  result.start = [context, slot](caf::actor_system& sys, const caf::error&) {
    return caf::actor_cast<caf::actor>(spawn_sqlite_reader(sys, context, slot));
  };
  result.judge = judge_reader;
  // A running query ends at its deadline.
  result.shutdown_limit = std::chrono::nanoseconds::max();
  return result;
}

} // namespace

supervisor_options supervision_of_readers(const reader_context& context) {
  supervisor_options result;
  result.restarts = context.opts->restarts;
  result.observer = caf::actor_cast<caf::actor>(context.pool);
  result.observer_stops_children = true;
  auto slots = reader_slots(*context.opts);
  for (uint32_t slot = 0; slot < slots; ++slot)
    result.children.push_back(reader_child(context, slot));
  return result;
}

uint32_t reader_slots(const options& opts) {
  auto has_inline_ones = opts.quick_query_time > opts.quick_query_time.zero();
  return has_inline_ones ? 2 * opts.readers : opts.readers;
}

} // namespace onewriter
