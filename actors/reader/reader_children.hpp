#pragma once

#include "actors/reader/worker/reader_context.hpp"
#include "actors/supervision/supervisor.hpp"

namespace onewriter {

/// Returns what the supervisor of a pool's readers has to do: to start one
/// reader for each of the `reader_slots`, to restart it within
/// `options::restarts`, and to report to `context.pool`.
supervisor_options supervision_of_readers(const reader_context& context);

} // namespace onewriter
