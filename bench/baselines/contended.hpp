#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// A connection per thread, `BEGIN IMMEDIATE`, a busy timeout of 5 s: what
/// programs do that leave the order to SQLite's lock. A write that finds the
/// file locked for longer counts as refused and is tried again. Each thread has
/// one write on its way at a time, regardless of the task.
backend contended();

} // namespace onewriter::bench
