#pragma once

#include "onewriter/failure.hpp"

#include <functional>
#include <string>
#include <vector>

namespace onewriter::node {

/// Changes of names of files that are undone in reverse order when the object
/// is destroyed, unless `keep` was called. No change replaces or deletes a
/// file: after each of them every file has a name. Errors: `ec::target_exists`
/// where the new name is taken, `ec::io_error`.
class name_changes {
public:
  name_changes() = default;

  name_changes(const name_changes&) = delete;

  name_changes& operator=(const name_changes&) = delete;

  ~name_changes();

  /// Gives the file `path` another name beside it.
  [[nodiscard]] caf::error add(const std::string& path,
                               const std::string& name);

  /// Gives the file `path` the name `name` instead.
  [[nodiscard]] caf::error rename(const std::string& path,
                                  const std::string& name);

  /// Takes the name `path` from a file that also has the name `name`.
  [[nodiscard]] caf::error remove(const std::string& path,
                                  const std::string& name);

  void keep() {
    undo_.clear();
  }

private:
  std::vector<std::function<void()>> undo_;
};

} // namespace onewriter::node
