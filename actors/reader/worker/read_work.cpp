#include "actors/reader/worker/read_work.hpp"

#include <algorithm>

namespace onewriter {

std::chrono::steady_clock::time_point
expiry_of(std::chrono::steady_clock::time_point now,
          std::chrono::nanoseconds asked, std::chrono::nanoseconds otherwise) {
  using time_point = std::chrono::steady_clock::time_point;
  auto limit = asked == asked.zero() ? otherwise : asked;
  return limit < time_point::max() - now ? now + limit : time_point::max();
}

sqlite::result_limits limits_of(const query& what, const options& opts) {
  auto limit = [](uint64_t asked, uint64_t most) {
    return asked == 0 ? most : std::min(asked, most);
  };
  sqlite::result_limits result;
  result.max_rows = limit(what.max_rows, opts.max_result_rows);
  result.max_bytes = limit(what.max_bytes, opts.max_result_bytes);
  result.beyond = sqlite::on_limit::truncate;
  return result;
}

const std::string& title_of(const query& what) {
  return what.what.sql;
}

std::string title_of(const search& what) {
  return "(search in the index \"" + what.index + "\")";
}

std::string title_of(const list_dead_letters&) {
  return "(list of dead letters)";
}

} // namespace onewriter
