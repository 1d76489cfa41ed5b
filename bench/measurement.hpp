#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace onewriter::bench {

/// What one run of one arrangement achieved. Only what was acknowledged counts.
struct measurement {
  uint64_t rows = 0;
  uint64_t commits = 0;
  std::chrono::nanoseconds length{0};
  /// From the request to its reply, as the caller saw it.
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p99{0};

  double rows_per_second() const {
    auto seconds = std::chrono::duration<double>{length}.count();
    return static_cast<double>(rows) / seconds;
  }
};

/// The schema of all arrangements, and the statement that they all measure.
inline constexpr const char* create_sql
  = "CREATE TABLE item(id INTEGER PRIMARY KEY, client INTEGER NOT NULL, "
    "number INTEGER NOT NULL, payload TEXT NOT NULL)";

inline constexpr const char* insert_sql
  = "INSERT INTO item(client, number, payload) VALUES(?, ?, ?)";

/// What each row holds beside who wrote it.
inline const std::string payload(100, 'x');

/// A path for a database that does not exist yet; whatever is there is removed
/// in the end.
class fresh_file {
public:
  explicit fresh_file(const std::string& folder)
    : path_{(std::filesystem::path{folder} / "onewriter-bench.db").string()} {
    remove();
  }

  fresh_file(const fresh_file&) = delete;

  fresh_file& operator=(const fresh_file&) = delete;

  ~fresh_file() {
    remove();
  }

  const std::string& path() const {
    return path_;
  }

private:
  void remove() {
    for (auto suffix : {"", "-wal", "-shm", "-owner"})
      std::filesystem::remove(path_ + suffix);
  }

  std::string path_;
};

/// Throws where the file does not hold exactly `rows` rows.
void verify(const std::string& path, uint64_t rows);

} // namespace onewriter::bench
