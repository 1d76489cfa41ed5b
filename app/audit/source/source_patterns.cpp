#include "app/audit/source/source_patterns.hpp"

#include <algorithm>
#include <cctype>

namespace onewriter::node {

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// Whether `line` contains `text`, and not as the end of a longer word.
bool contains_word(std::string_view line, std::string_view text) {
  auto is_word = is_word_character(text.front());
  for (auto at = line.find(text); at != line.npos; at = line.find(text, at + 1))
    if (!is_word || at == 0 || !is_word_character(line[at - 1]))
      return true;
  return false;
}

// SQL's own comments begin with "--", which starts an option elsewhere.
bool is_comment(std::string_view line) {
  auto start = line.find_first_not_of(" \t");
  if (start == line.npos)
    return true;
  line.remove_prefix(start);
  constexpr std::string_view marks[] = {"//", "/*", "* ", "# ", "<!--", "-- "};
  return std::any_of(
    std::begin(marks), std::end(marks),
    [&](std::string_view mark) { return line.substr(0, mark.size()) == mark; });
}

// In URIs, which all languages hand on to SQLite.
bool is_left_out(std::string_view line) {
  constexpr std::string_view marks[]
    = {":memory:", "mode=ro", "immutable=1", "mode=memory"};
  return std::any_of(
    std::begin(marks), std::end(marks),
    [&](std::string_view mark) { return contains(line, mark); });
}

} // namespace

const std::vector<source_pattern>& source_patterns() {
  static const std::vector<source_pattern> result{
    {"SQLite's C API", "sqlite3_open(", "", ""},
    {"SQLite's C API", "sqlite3_open16(", "", ""},
    {"SQLite's C API", "sqlite3_open_v2(", "", "SQLITE_OPEN_READONLY"},
    {"Python sqlite3", "sqlite3.connect(", "", ""},
    {"Python sqlite3", "sqlite3.dbapi2.connect(", "", ""},
    {"Python aiosqlite", "aiosqlite.connect(", "", ""},
    {"Python apsw", "apsw.Connection(", "", "SQLITE_OPEN_READONLY"},
    {"Python SQLAlchemy", "sqlite:///", "", ""},
    {"Python SQLAlchemy", "sqlite+aiosqlite:///", "", ""},
    {"Django", "django.db.backends.sqlite3", "", ""},
    {"Node better-sqlite3", "new Database(", "better-sqlite3",
     "readonly: true"},
    {"Bun", "new Database(", "bun:sqlite", "readonly: true"},
    {"Node node:sqlite", "new DatabaseSync(", "", "readOnly: true"},
    {"Node sqlite3", "sqlite3.Database(", "", "OPEN_READONLY"},
    {"Rust rusqlite", "Connection::open(", "rusqlite", ""},
    {"Rust rusqlite", "Connection::open_with_flags(", "rusqlite",
     "SQLITE_OPEN_READ_ONLY"},
    {"Rust sqlx", "SqlitePool::connect", "", ""},
    {"Rust sqlx", "SqliteConnectOptions::", "", "read_only(true)"},
    {"Rust diesel", "SqliteConnection::establish(", "", ""},
    {"Go go-sqlite3", "sql.Open(\"sqlite3\"", "", ""},
    {"Go sqlite", "sql.Open(\"sqlite\"", "", ""},
    {"Go sqlx", "sqlx.Open(\"sqlite3\"", "", ""},
    {"Go sqlx", "sqlx.Connect(\"sqlite3\"", "", ""},
    {"Go sqlx", "sqlx.MustConnect(\"sqlite3\"", "", ""},
    {"Go gorm", "sqlite.Open(", "gorm", ""},
    {"Java JDBC", "jdbc:sqlite:", "", "open_mode=1"},
    {"Android", "openOrCreateDatabase(", "", ""},
    {"Android", "SQLiteDatabase.openDatabase(", "", "OPEN_READONLY"},
    {"Android Room", "Room.databaseBuilder(", "", ""},
    {"Swift GRDB", "DatabaseQueue(path", "", ""},
    {"Swift GRDB", "DatabasePool(path", "", ""},
    {"Ruby ActiveRecord", "adapter: sqlite3", "", "readonly: true"},
    {"Ruby ActiveRecord", "adapter: \"sqlite3\"", "", "readonly: true"},
    {"Ruby ActiveRecord", "adapter: 'sqlite3'", "", "readonly: true"},
    {"Ruby sqlite3", "SQLite3::Database.new", "", "readonly: true"},
    {"Ruby sqlite3", "SQLite3::Database.open", "", "readonly: true"},
    {"PHP PDO", "PDO('sqlite:", "", "OPEN_READONLY"},
    {"PHP PDO", "PDO(\"sqlite:", "", "OPEN_READONLY"},
    {"PHP SQLite3", "new SQLite3(", "", "SQLITE3_OPEN_READONLY"},
    {"Perl DBI", "dbi:SQLite:", "", "OPEN_READONLY"},
    {"Perl DBI", "DBI:SQLite:", "", "OPEN_READONLY"},
    {".NET", "new SqliteConnection(", "", "Mode=ReadOnly"},
    {".NET", "new SQLiteConnection(", "", "Read Only=True"},
    {".NET Entity Framework", ".UseSqlite(", "", "Mode=ReadOnly"},
    {"Qt", "\"QSQLITE\"", "", ""},
    {"Elixir Exqlite", "Exqlite.Sqlite3.open(", "", "readonly"},
    {"Elixir Ecto", "Ecto.Adapters.SQLite3", "", ""},
    {"Lua, Dart", "sqlite3.open(", "", "OpenMode.readOnly"},
  };
  return result;
}

const source_pattern* pattern_of(std::string_view line, std::string_view file) {
  if (is_comment(line) || is_left_out(line))
    return nullptr;
  for (auto& x : source_patterns())
    if (contains_word(line, x.text) && contains(file, x.elsewhere))
      return !x.read_only.empty() && contains(line, x.read_only) ? nullptr : &x;
  return nullptr;
}

} // namespace onewriter::node
