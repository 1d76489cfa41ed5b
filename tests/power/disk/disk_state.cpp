// What is assumed about folders: that a file is synced says nothing about its
// name. A name that was created or removed may be there or not after a power
// cut until the folder is synced; each name for itself, and what was done to
// one name in the order in which it was done. SQLite syncs the folder with the
// first sync of a journal or log that it created, and when it removes a journal
// (https://sqlite.org/atomiccommit.html, section 3.7), but not when it removes
// a log.
#include "tests/power/disk/disk_state.hpp"

#include <stdexcept>
#include <utility>

namespace onewriter::test {

disk_state::disk_state(const folder_content& content) {
  for (auto& [name, bytes] : content)
    names_[name] = std::make_shared<stored_file>(stored_file{bytes, {}});
  synced_names_ = names_;
}

void disk_state::apply(const disk_change& x) {
  switch (x.what) {
    case change::create:
      names_[x.file] = std::make_shared<stored_file>();
      unsynced_names_.push_back({x.file, names_[x.file]});
      break;
    case change::remove:
      names_.erase(x.file);
      unsynced_names_.push_back({x.file, nullptr});
      break;
    case change::sync:
      file(x.file).sync();
      break;
    case change::sync_folder:
      sync_names();
      break;
    default:
      file(x.file).unsynced.push_back(&x);
  }
}

folder_content disk_state::remains(std::mt19937_64& random,
                                   damage_counts& counts) const {
  folder_content result;
  auto style = damage_style::draw(random);
  for (auto& [name, what] : remaining_names(random, counts))
    result[name] = damaged(what->synced, what->unsynced, style, random, counts);
  return result;
}

void disk_state::stored_file::sync() {
  for (auto x : unsynced) {
    if (x->what == change::truncate) {
      synced.resize(x->offset);
      continue;
    }
    auto end = x->offset + x->bytes.size();
    if (synced.size() < end)
      synced.resize(end);
    synced.replace(x->offset, x->bytes.size(), x->bytes);
  }
  unsynced.clear();
}

disk_state::stored_file& disk_state::file(const std::string& name) {
  auto found = names_.find(name);
  if (found == names_.end())
    throw std::logic_error("there is no file " + name);
  return *found->second;
}

void disk_state::sync_names() {
  synced_names_ = names_;
  unsynced_names_.clear();
}

std::map<std::string, disk_state::file_ptr>
disk_state::remaining_names(std::mt19937_64& random,
                            damage_counts& counts) const {
  std::map<std::string, size_t> changes;
  for (auto& x : unsynced_names_)
    ++changes[x.name];
  for (auto& [name, count] : changes) {
    auto kept = random() % (count + 1);
    counts.lost_names += count - kept;
    count = kept;
  }
  auto result = synced_names_;
  for (auto& x : unsynced_names_) {
    if (changes[x.name] == 0)
      continue;
    --changes[x.name];
    if (x.file)
      result[x.name] = x.file;
    else
      result.erase(x.name);
  }
  return result;
}

} // namespace onewriter::test
