#pragma once

#include <string>

namespace onewriter::test {

/// What a write-ahead log was when it was synced the last time. A log may be
/// opened past SQLite: unlike the database and its shared memory, it has no
/// locks that the closing of a file would take away.
class synced_log {
public:
  /// Records the log at `path` as it is now.
  void keep(const std::string& path);

  /// Makes the log at `path` what it was.
  void restore(const std::string& path) const {
    restore(path, path);
  }

  /// Makes `copy` what the log at `path` was.
  void restore(const std::string& copy, const std::string& path) const;

  /// Forgets the log.
  void clear();

private:
  std::string path_;
  std::string content_;
};

} // namespace onewriter::test
