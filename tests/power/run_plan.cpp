#include "tests/power/run_plan.hpp"

#include "tests/strain/burden.hpp"
#include "tests/strain/tiny_resources.hpp"

namespace onewriter::test {

run_plan run_plan::draw(std::mt19937_64& random, bool tiny) {
  // Changes that a write makes, together with its share of the index job.
  auto changes_per_write = size_t{tiny ? 150u : 30u};
  constexpr uint64_t limits[] = {32'768, 262'144, 33'554'432};
  run_plan result;
  result.tiny = tiny;
  result.pinned = random() % 2 == 0;
  result.sessions = 1 + random() % 3;
  result.writes_per_session = (15 + random() % 30) / (tiny ? 2 : 1);
  result.window = 1 + random() % 8;
  result.checkpoint_pages = 5 + random() % 60;
  result.wal_limit_bytes = limits[random() % std::size(limits)];
  auto all = result.sessions * result.writes_per_session * changes_per_write;
  result.cut_at = all / 4 + random() % all;
  return result;
}

options run_plan::database_options(enum synchronous level) const {
  options result;
  result.synchronous = level;
  result.readers = 1;
  // A machine that is busy with something else is no power cut.
  result.query_deadline = std::chrono::minutes{10};
  result.checkpoint_pages = checkpoint_pages;
  result.wal_limit_bytes = wal_limit_bytes;
  // Many small chunks: many places to be cut at.
  result.chunk_time = std::chrono::milliseconds{1};
  result.slow_statement = std::chrono::hours{1};
  result.log = nullptr;
  if (tiny) {
    make_tiny(result);
    add_burden_function(result);
  }
  return result;
}

} // namespace onewriter::test
