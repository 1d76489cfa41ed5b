#pragma once

#include "actors/sqlite/base/rows.hpp"
#include "onewriter/backup.hpp"
#include "onewriter/dead_letter.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/options.hpp"
#include "onewriter/query.hpp"
#include "onewriter/search.hpp"

#include <chrono>
#include <cstdint>

namespace onewriter {

/// A request that the reader pool accepted. It is passed to the actor that runs
/// it and, if that fails, back again.
template <class Request>
struct read_work {
  using clock = std::chrono::steady_clock;

  Request what;
  clock::time_point arrived;
  /// When it expires; `time_point::max()` for never.
  clock::time_point expires = clock::time_point::max();
  /// Number of connections that failed while they ran it.
  uint32_t attempts = 0;
  /// Whether an inline reader could not finish it: it takes longer than
  /// `quick_query_time`, or has to wait for a lock.
  bool is_long = false;
};

using query_work = read_work<query>;
using search_work = read_work<search>;
using letters_work = read_work<list_dead_letters>;
using cursor_work = read_work<open_cursor>;
using backup_work = read_work<backup>;
using check_work = read_work<integrity_check>;

/// Returns when a request expires that arrived at `now` and may take `asked`,
/// or `otherwise` if `asked` is zero. With a negative value it has expired
/// already.
std::chrono::steady_clock::time_point
expiry_of(std::chrono::steady_clock::time_point now,
          std::chrono::nanoseconds asked, std::chrono::nanoseconds otherwise);

/// Returns the limits of the result of `what`: those of the database if it has
/// none or greater ones.
sqlite::result_limits limits_of(const query& what, const options& opts);

/// Returns the description of a slow request for the log: its text, without
/// values.
const std::string& title_of(const query& what);

std::string title_of(const search& what);

std::string title_of(const list_dead_letters& what);

} // namespace onewriter
