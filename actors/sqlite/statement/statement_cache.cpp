#include "actors/sqlite/statement/statement_cache.hpp"

#include <algorithm>
#include <utility>

namespace onewriter::sqlite {

statement_cache::statement_cache(size_t capacity)
  : capacity_{std::max(capacity, size_t{1})} {
  // nop
}

prepared_statement* statement_cache::find(std::string_view sql) {
  // Often the same statement runs repeatedly: saves the hash.
  if (!order_.empty() && order_.front().sql() == sql)
    return &order_.front();
  auto found = index_.find(sql);
  if (found == index_.end())
    return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return &order_.front();
}

prepared_statement& statement_cache::insert(prepared_statement x) {
  order_.push_front(std::move(x));
  index_.emplace(order_.front().sql(), order_.begin());
  text_bytes_ += order_.front().sql().size();
  while (is_full() && order_.size() > 1)
    drop_last();
  return order_.front();
}

void statement_cache::clear() {
  index_.clear();
  order_.clear();
  text_bytes_ = 0;
}

void statement_cache::drop_last() {
  auto& last = order_.back().sql();
  text_bytes_ -= last.size();
  index_.erase(last);
  order_.pop_back();
}

} // namespace onewriter::sqlite
