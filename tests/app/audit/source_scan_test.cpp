#include "app/audit/source/source_scan.hpp"

#include "app/audit/source/source_report.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

using namespace onewriter;
using namespace onewriter::node;

namespace {

void put_source(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(
    std::filesystem::path{path}.parent_path());
  std::ofstream{path, std::ios::binary} << content;
}

// "LINE LIBRARY" of each place.
std::string places(const std::string& content) {
  std::string result;
  for (auto& x : places_in("a", content))
    result += (result.empty() ? "" : ", ") + std::to_string(x.line) + ' '
              + x.library;
  return result;
}

std::string library_of(const std::string& line) {
  auto found = places_in("a", line);
  return found.size() == 1 ? found[0].library : "";
}

} // namespace

TEST_CASE("what opens SQLite is found in many languages") {
  CHECK(library_of("  rc = sqlite3_open(path, &db);") == "SQLite's C API");
  CHECK(library_of("sqlite3_open16(L\"a\", &db);") == "SQLite's C API");
  CHECK(library_of("rc = sqlite3_open_v2(p, &db, SQLITE_OPEN_READWRITE, 0);")
        == "SQLite's C API");
  CHECK(library_of("db = sqlite3.connect('shop.db')") == "Python sqlite3");
  CHECK(library_of("async with aiosqlite.connect(p) as db:")
        == "Python aiosqlite");
  CHECK(library_of("engine = create_engine('sqlite:///shop.db')")
        == "Python SQLAlchemy");
  CHECK(library_of("db, err := sql.Open(\"sqlite3\", path)")
        == "Go go-sqlite3");
  CHECK(library_of("String url = \"jdbc:sqlite:shop.db\";") == "Java JDBC");
  CHECK(library_of("  adapter: sqlite3") == "Ruby ActiveRecord");
  CHECK(library_of("$db = new PDO('sqlite:shop.db');") == "PHP PDO");
  CHECK(library_of("auto db = QSqlDatabase::addDatabase(\"QSQLITE\");")
        == "Qt");
  CHECK(library_of("var c = new SqliteConnection(\"Data Source=a.db\");")
        == ".NET");
}

TEST_CASE("words that mean SQLite in some files only need these files") {
  CHECK(places("use rusqlite::Connection;\nlet c = Connection::open(p)?;\n")
        == "2 Rust rusqlite");
  CHECK(places("use mysql; // not sqlite\nlet c = Connection::open(p)?;\n")
        == "");
  CHECK(places("const Database = require('better-sqlite3');\n"
               "const db = new Database('shop.db');\n")
        == "2 Node better-sqlite3");
  CHECK(places("import Database from 'other'; // sqlite\nnew Database('a');\n")
        == "");
}

TEST_CASE("what shows that it only reads is left out") {
  CHECK(library_of("sqlite3_open_v2(p, &db, SQLITE_OPEN_READONLY, 0);") == "");
  CHECK(library_of("sqlite3.connect('file:a.db?mode=ro', uri=True)") == "");
  CHECK(library_of("sqlite3.connect(':memory:')") == "");
  CHECK(library_of("sql.Open(\"sqlite3\", \"file:a?immutable=1\")") == "");
  CHECK(library_of("SQLite3::Database.new('a.db', readonly: true)") == "");
  CHECK(library_of("QSqlDatabase d; d.setConnectOptions(\"QSQLITE_OPEN_"
                   "READONLY\");")
        == "");
}

TEST_CASE("comments and parts of longer words are left out") {
  CHECK(library_of("// sqlite3_open(path, &db)") == "");
  CHECK(library_of("   # sqlite3.connect('a.db')") == "");
  CHECK(library_of(" * sqlite3_open(path, &db)") == "");
  CHECK(library_of("my_sqlite3_open(path, &db)") == "");
  CHECK(places("#define OPEN(p, d) sqlite3_open((p), (d))")
        == "1 SQLite's C API");
}

TEST_CASE("lines are counted and shown without the spaces around them") {
  auto found = places_in("a", "\n\n\t sqlite3_open(p, &db); \r\nx\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].line == 3);
  CHECK(found[0].text == "sqlite3_open(p, &db);");
}

TEST_CASE("a source tree is searched but for what is not its own") {
  test::temp_folder folder;
  std::string line = "db = sqlite3.connect('shop.db')\n";
  put_source(folder.file("b/second.py"), "import sqlite3\n" + line + line);
  put_source(folder.file("a.py"), line);
  put_source(folder.file(".git/hook.py"), line);
  put_source(folder.file("b/node_modules/x.py"), line);
  put_source(folder.file("program"), line + std::string(1, '\0'));
  put_source(folder.file("large.py"), line + std::string(5 << 20, 'x'));
  std::filesystem::create_symlink(folder.file("a.py"), folder.file("link.py"));
  auto found = scan_source(folder.path());
  REQUIRE(found.places.size() == 3);
  CHECK(found.places[0].path == folder.file("a.py"));
  CHECK(found.places[1].path == folder.file("b/second.py"));
  CHECK(found.places[1].line == 2);
  CHECK(found.places[2].line == 3);
  CHECK(found.files == 2);
  CHECK(found.skipped == 1);
}

TEST_CASE("places are reported with paths below the folder") {
  source_places found;
  found.files = 3;
  found.places = {{"/tree/a.py", 7, "Python sqlite3", "sqlite3.connect(x)"}};
  auto parsed = nlohmann::json::parse(source_json("/tree", found));
  CHECK(parsed["source"] == "/tree");
  REQUIRE(parsed["places"].size() == 1);
  CHECK(parsed["places"][0]["path"] == "a.py");
  CHECK(parsed["places"][0]["line"] == 7);
  auto lines = source_report("/tree/", found);
  REQUIRE(lines.size() > 3);
  CHECK(lines[0].render(false)
        == "onewriter audit: 1 place in 1 file opens SQLite for writing");
  CHECK(lines[2].render(false) == "  a.py:7  Python sqlite3");
  CHECK(lines[3].render(false) == "    sqlite3.connect(x)");
}

TEST_CASE("a tree without SQLite is reported as such") {
  CHECK(source_report("/tree", {})[0].render(false)
        == "onewriter audit: no place opens SQLite for writing");
}
