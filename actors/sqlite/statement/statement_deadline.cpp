#include "actors/sqlite/statement/statement_deadline.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

void statement_deadline::install(sqlite3* db, const std::atomic<bool>* stop,
                                 const std::atomic<bool>* closing) {
  stop_ = stop;
  closing_ = closing;
  sqlite3_progress_handler(db, interval, &statement_deadline::is_over, this);
}

int statement_deadline::is_over(void* self) {
  auto& clock = *static_cast<statement_deadline*>(self);
  if (clock.paused_)
    return 0;
  if (clock.stop_ != nullptr && *clock.stop_)
    return 1;
  return clock.is_closed() || clock.is_past() ? 1 : 0;
}

} // namespace onewriter::sqlite
