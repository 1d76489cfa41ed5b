#pragma once

#include "onewriter/compat/inspection.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter {

/// Asks for the passages that match an FTS5 expression best
/// (https://sqlite.org/fts5.html#full_text_query_syntax). The terms of an
/// expression have to occur in the same passage: a piece of the document of at
/// most 4 KiB. Reply: `search_hits`. Retry: safe. Errors: `ec::no_such_index`,
/// `ec::invalid_search`, `ec::deadline_exceeded`.
struct search {
  std::string index;
  std::string expression;
  /// How many hits to return, 1 to 10,000.
  uint32_t max_hits = 20;
  /// As for `query`.
  std::chrono::nanoseconds deadline{0};
};

template <class Inspector>
auto inspect(Inspector& f, search& x) {
  return compat::inspect_object(f, x, compat::field("index", x.index),
                                compat::field("expression", x.expression),
                                compat::field("max_hits", x.max_hits),
                                compat::field("deadline", x.deadline));
}

/// One passage that matches.
struct search_hit {
  /// Key of the document.
  std::string key;
  /// Offset of the first matching term in the document, in bytes from 0.
  uint64_t offset = 0;
  /// A few words around the match, matching terms in square brackets.
  std::string snippet;
  /// How well it matches: FTS5's bm25, smaller is better.
  double rank = 0;
};

template <class Inspector>
auto inspect(Inspector& f, search_hit& x) {
  return compat::inspect_object(
    f, x, compat::field("key", x.key), compat::field("offset", x.offset),
    compat::field("snippet", x.snippet), compat::field("rank", x.rank));
}

/// Hits, best first.
struct search_hits {
  std::vector<search_hit> hits;
};

template <class Inspector>
auto inspect(Inspector& f, search_hits& x) {
  return compat::inspect_object(f, x, compat::field("hits", x.hits));
}

} // namespace onewriter
