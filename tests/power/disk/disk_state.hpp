#pragma once

#include "tests/power/disk/sector_damage.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onewriter::test {

/// What a folder on a disk holds: what is synced apart from what is not.
class disk_state {
public:
  /// All of `content` is synced.
  explicit disk_state(const folder_content& content);

  /// Does one change. It has to outlive the state.
  void apply(const disk_change& x);

  /// Returns what a power cut leaves now.
  folder_content remains(std::mt19937_64& random, damage_counts& counts) const;

private:
  struct stored_file {
    std::string synced;
    std::vector<const disk_change*> unsynced;

    void sync();
  };

  using file_ptr = std::shared_ptr<stored_file>;

  // Null where the name is taken out.
  struct name_change {
    std::string name;
    file_ptr file;
  };

  stored_file& file(const std::string& name);

  void sync_names();

  std::map<std::string, file_ptr> remaining_names(std::mt19937_64& random,
                                                  damage_counts& counts) const;

  std::map<std::string, file_ptr> names_;
  std::map<std::string, file_ptr> synced_names_;
  std::vector<name_change> unsynced_names_;
};

} // namespace onewriter::test
