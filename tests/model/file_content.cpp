#include "tests/model/file_content.hpp"

#include "tests/strain/burden.hpp"

#include <stdexcept>

#include <sqlite3.h>

namespace onewriter::test {

namespace {

// The content stands in the first value of the last statement of a letter, or
// is the first argument of its function.
constexpr const char* letters_sql
  = "SELECT p.value FROM onewriter_dead_letter AS l JOIN "
    "onewriter_dead_letter_parameter AS p ON p.letter = l.id AND p.ordinal = 0 "
    "AND p.position = (SELECT max(position) FROM "
    "onewriter_dead_letter_parameter WHERE letter = l.id) ORDER BY l.id";

/// A connection of its own, which only reads.
class file_reader {
public:
  explicit file_reader(const std::string& path) {
    if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr)
        != SQLITE_OK)
      fail();
  }

  file_reader(const file_reader&) = delete;

  file_reader& operator=(const file_reader&) = delete;

  ~file_reader() {
    sqlite3_close(db_);
  }

  /// Calls `visit` with the statement at each row.
  template <class F>
  void for_each(const char* sql, F visit) {
    sqlite3_stmt* rows = nullptr;
    if (sqlite3_prepare_v2(db_, sql, -1, &rows, nullptr) != SQLITE_OK)
      fail();
    auto code = sqlite3_step(rows);
    for (; code == SQLITE_ROW; code = sqlite3_step(rows))
      visit(rows);
    sqlite3_finalize(rows);
    if (code != SQLITE_DONE)
      fail();
  }

private:
  [[noreturn]] void fail() {
    std::string why = sqlite3_errmsg(db_);
    throw std::runtime_error("cannot read the file: " + why);
  }

  sqlite3* db_ = nullptr;
};

std::string text_at(sqlite3_stmt* row, int column) {
  auto text = sqlite3_column_text(row, column);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

uint64_t number_at(sqlite3_stmt* row, int column) {
  return static_cast<uint64_t>(sqlite3_column_int64(row, column));
}

std::vector<entry_row> entries_of(file_reader& file) {
  std::vector<entry_row> result;
  file.for_each(
    "SELECT id, content, part FROM entry ORDER BY id", [&](sqlite3_stmt* row) {
      result.push_back({sqlite3_column_int64(row, 0), number_at(row, 1),
                        static_cast<uint32_t>(number_at(row, 2))});
    });
  return result;
}

} // namespace

file_content read_file_content(const std::string& path) {
  file_reader file{path};
  file_content result;
  result.entries = entries_of(file);
  file.for_each(
    "SELECT key, number FROM effort ORDER BY id", [&](sqlite3_stmt* row) {
      result.efforts.push_back({text_at(row, 0), number_at(row, 1)});
    });
  file.for_each("SELECT id, version FROM counter", [&](sqlite3_stmt* row) {
    result.versions.at(number_at(row, 0)) = number_at(row, 1);
  });
  file.for_each(letters_sql, [&](sqlite3_stmt* row) {
    result.letters.push_back(number_at(row, 0));
  });
  file.for_each(ask_what_is_left, [&](sqlite3_stmt* row) {
    if (text_at(row, 0) != nothing_left)
      result.damage += "what failed has left " + text_at(row, 0) + "; ";
  });
  file.for_each("PRAGMA integrity_check", [&](sqlite3_stmt* row) {
    if (text_at(row, 0) != "ok")
      result.damage += text_at(row, 0) + "; ";
  });
  return result;
}

std::vector<entry_row> read_entries(const std::string& path) {
  file_reader file{path};
  return entries_of(file);
}

} // namespace onewriter::test
