#pragma once

#include "actors/core/pending_write.hpp"
#include "onewriter/log.hpp"

#include <functional>
#include <string>
#include <vector>

namespace onewriter {

/// Files dead letters for requests that failed without a waiting caller, as
/// requests of onewriter's own that the writer runs afterwards. Belongs to one
/// incarnation of the writer and its thread.
class dead_letter_filing {
public:
  /// `log` gets a line for each request that cannot be stored.
  explicit dead_letter_filing(log_sink log);

  /// Files `what`, which failed with `reason`. Best-effort messages are only
  /// counted, and a transaction, whose function cannot be stored, is logged.
  void file(const pending_write& what, const caf::error& reason);

  /// Notes in the letter that `what` has replayed that it failed again.
  void update(const pending_write& what, const caf::error& reason);

  /// Adds another request of onewriter's own. `title` is for the log.
  void add_follow_up(
    std::string title,
    std::function<caf::expected<result_set>(sqlite::connection&)> function);

  /// Returns what has been added since the last call, in order.
  std::vector<pending_write_ptr> take_follow_ups();

private:
  log_sink log_;
  std::vector<pending_write_ptr> follow_ups_;
};

} // namespace onewriter
