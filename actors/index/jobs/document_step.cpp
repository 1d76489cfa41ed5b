#include "actors/index/jobs/document_step.hpp"

#include <algorithm>

namespace onewriter {

void document_step::run(sticky_sql& db) {
  start = {};
  indexes.clear();
  auto at = version;
  if (begins) {
    start = begin_version(db, name, path, digest);
    at = start.version;
    if (start.unchanged)
      return;
  }
  indexes.insert(at.index_id);
  if (!passages.empty())
    add_passages(db, name.key, at, passages_from(passages, at.next_offset));
  if (publishes)
    replaced = publish_version(db, name.key, at, digest);
}

void discard_step::run(sticky_sql& db) {
  discard_version(db, name_);
}

std::vector<passage> passages_from(const std::vector<passage>& passages,
                                   uint64_t offset) {
  auto first
    = std::find_if(passages.begin(), passages.end(),
                   [=](const passage& x) { return x.offset >= offset; });
  return {first, passages.end()};
}

} // namespace onewriter
