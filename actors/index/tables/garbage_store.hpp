#pragma once

#include "actors/index/tables/sticky_sql.hpp"

#include <cstddef>
#include <cstdint>
#include <set>

namespace onewriter {

/// Numbers of passages that searches cannot find: from `first_passage` up to
/// but excluding `end_passage`. The first of them names the range.
struct garbage_range {
  int64_t index_id = 0;
  int64_t first_passage = 0;
  int64_t end_passage = 0;
};

/// Records passages to be removed; an empty range is ignored.
void add_garbage(sticky_sql& db, const garbage_range& what);

/// The result of `remove_garbage`.
struct garbage_removal {
  size_t passages = 0;
  /// Indexes that something was removed from.
  std::set<int64_t> index_ids;
  /// Whether nothing is left.
  bool done = false;
};

/// Removes up to `limit` passages, of any range.
garbage_removal remove_garbage(sticky_sql& db, size_t limit);

/// Removes up to `limit` passages of the range named like `what`; done if there
/// is no such range.
garbage_removal remove_garbage(sticky_sql& db, const garbage_range& what,
                               size_t limit);

} // namespace onewriter
