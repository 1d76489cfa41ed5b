#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// One thread runs SQLite and all clients, whose code is callbacks: what
/// programs do that have an event loop, such as Node's. A tick writes all that
/// clients have issued since the tick before, in one transaction, and calls
/// them back after the commit; then they issue their next writes. There are no
/// locks and no wake-ups. Readers read one row each per tick, in the same
/// thread.
backend event_loop();

} // namespace onewriter::bench
