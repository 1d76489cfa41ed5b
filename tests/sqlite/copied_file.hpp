#pragma once

#include "actors/sqlite/log_copier.hpp"
#include "tests/sqlite/database_file.hpp"
#include "tests/vfs/gated_disk.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace onewriter::test {

inline bool is_write_to_file(const io_call& x) {
  return x.what == io::write && x.kind == file_kind::database;
}

inline bool is_sync_of_file(const io_call& x) {
  return x.what == io::sync && x.kind == file_kind::database;
}

inline constexpr int64_t copied_row_count = 200;

struct gated_disk_owner {
  gated_disk disk;
};

/// Rows of most of a page each, written by one connection and copied by
/// others, on a disk where that can be stopped at any point.
class copied_file : public gated_disk_owner, public database_file {
public:
  copied_file();

  sqlite::connection_options through_disk(enum sqlite::role what_for) const;

  std::unique_ptr<sqlite::log_copier> open_copier();

  /// Commits all rows, with version 0.
  void fill();

  /// Gives `count` rows from `first` on a new version, each in a commit of its
  /// own.
  void update(int64_t first, int64_t count);

  /// Returns what another connection finds wrong: damage, or rows without the
  /// version that was committed last.
  std::string damage() const;

  /// Pages of the log that are in use.
  int64_t log_pages() const;

  /// Pages of them that have not been copied.
  int64_t rest() const;

  connection_ptr db = open(through_disk(sqlite::role::writer));

private:
  int64_t version_ = 0;
  std::map<int64_t, int64_t> committed_;
  std::string complaints_;
};

} // namespace onewriter::test
