#include "tests/sqlite/copied_file.hpp"

namespace onewriter::test {

copied_file::copied_file() {
  REQUIRE(answer(*db, "CREATE TABLE big(id INTEGER PRIMARY KEY, version "
                      "INTEGER, filling)")
          == "");
  db->watch_files(nullptr, 0);
}

sqlite::connection_options
copied_file::through_disk(enum sqlite::role what_for) const {
  auto result = options(what_for);
  result.vfs = disk.name();
  return result;
}

std::unique_ptr<sqlite::log_copier> copied_file::open_copier() {
  auto how = through_disk(sqlite::role::copier);
  auto result = sqlite::log_copier::open(how, db->files());
  if (!result)
    FAIL(describe(result.error()));
  return std::move(*result);
}

void copied_file::fill() {
  REQUIRE(answer(*db,
                 "INSERT INTO big WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
                 "SELECT x + 1 FROM n WHERE x < ?) "
                 "SELECT x, 0, zeroblob(3000) FROM n",
                 copied_row_count)
          == "");
  for (int64_t id = 1; id <= copied_row_count; ++id)
    committed_[id] = 0;
}

void copied_file::update(int64_t first, int64_t count) {
  for (auto id = first; id < first + count; ++id) {
    auto said
      = answer(*db, "UPDATE big SET version = ? WHERE id = ?", ++version_, id);
    if (said.empty())
      committed_[id] = version_;
    else
      complaints_ += said + " ";
  }
}

std::string copied_file::damage() const {
  auto other = open(sqlite::role::reader);
  auto report = other->check(true);
  if (!report || !report->ok())
    return report ? report->problems.front() : describe(report.error());
  auto found = other->run_internal("SELECT id, version FROM big");
  if (!found)
    return describe(found.error());
  auto missing = committed_;
  for (auto& line : found->rows)
    if (auto x = missing.find(line.get<int64_t>(0));
        x != missing.end() && x->second == line.get<int64_t>(1))
      missing.erase(x);
  return missing.empty() ? complaints_
                         : std::to_string(missing.size()) + " rows lost";
}

int64_t copied_file::log_pages() const {
  return db->progress()->pages;
}

int64_t copied_file::rest() const {
  return db->progress()->rest();
}

} // namespace onewriter::test
