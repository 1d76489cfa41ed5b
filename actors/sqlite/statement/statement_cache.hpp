#pragma once

#include "actors/sqlite/statement/prepared_statement.hpp"

#include <cstddef>
#include <list>
#include <string_view>
#include <unordered_map>

namespace onewriter::sqlite {

/// Keeps the most recently used prepared statements by their text.
class statement_cache {
public:
  /// Text of all statements together; a statement that exceeds it alone is kept
  /// until the next one comes.
  static constexpr size_t max_text_bytes = 4 * 1024 * 1024;

  /// Keeps up to `capacity` statements, but at least one.
  explicit statement_cache(size_t capacity);

  /// Returns the statement with the text `sql`, null if there is none. Valid
  /// until the next `insert` or `clear`.
  prepared_statement* find(std::string_view sql);

  /// Adds a statement that is not in the cache and finalizes the least recently
  /// used ones.
  prepared_statement& insert(prepared_statement x);

  /// Finalizes all statements.
  void clear();

  size_t size() const {
    return order_.size();
  }

private:
  using order = std::list<prepared_statement>;

  bool is_full() const {
    return order_.size() > capacity_ || text_bytes_ > max_text_bytes;
  }

  void drop_last();

  size_t capacity_;
  size_t text_bytes_ = 0;
  // The one used last comes first.
  order order_;
  // The keys are the texts of the statements themselves.
  std::unordered_map<std::string_view, order::iterator> index_;
};

} // namespace onewriter::sqlite
