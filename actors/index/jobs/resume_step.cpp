#include "actors/index/jobs/resume_step.hpp"

#include <algorithm>

namespace onewriter {

void resume_step::run(sticky_sql& db) {
  found.clear();
  auto versions = list_open_versions(db.db());
  if (!versions)
    return db.check(versions.error());
  for (auto& line : versions->rows) {
    auto [index, key, path] = line.as<std::string, std::string, std::string>();
    document_name name{index, key};
    if (std::find(active_.begin(), active_.end(), name) != active_.end())
      continue;
    if (path.empty()) {
      discard_version(db, name);
      continue;
    }
    chunked_index what;
    what.index = index;
    what.key = key;
    what.path = path;
    found.push_back(std::move(what));
  }
}

} // namespace onewriter
