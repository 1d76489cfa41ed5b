#include "actors/sqlite/run_clock.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

void run_clock::install(sqlite3* db, const std::atomic<bool>* stop) {
  stop_ = stop;
  sqlite3_progress_handler(db, interval, &run_clock::is_over, this);
}

int run_clock::is_over(void* self) {
  auto& clock = *static_cast<run_clock*>(self);
  if (clock.paused_)
    return 0;
  if (clock.stop_ != nullptr && *clock.stop_)
    return 1;
  auto now = std::chrono::steady_clock::now();
  return clock.deadline_ && now >= *clock.deadline_ ? 1 : 0;
}

} // namespace onewriter::sqlite
