#include "actors/database/statistics/slow_requests.hpp"

#include "actors/text/utf8.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace onewriter {

void slow_requests::note(const slow_statement_seen& what, int64_t unix_ms) {
  constexpr size_t max_sql_bytes = 200;
  if (kept_.size() == max_kept && what.duration <= kept_.back().duration)
    return;
  auto sql = std::string_view{what.sql}.substr(0, max_sql_bytes);
  slow_request added{what.duration, unix_ms, what.lane,
                     std::string{sql.substr(0, complete_prefix(sql))}};
  auto place
    = std::find_if(kept_.begin(), kept_.end(), [&](const slow_request& x) {
        return x.duration < what.duration;
      });
  kept_.insert(place, std::move(added));
  if (kept_.size() > max_kept)
    kept_.pop_back();
}

} // namespace onewriter
