#include "actors/sqlite/runner/schema_guard.hpp"

#include "actors/sqlite/access/authorizer.hpp"
#include "actors/sqlite/access/pragma_rules.hpp"
#include "actors/sqlite/base/sql_text.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace onewriter::sqlite {

namespace {

// An object that refers to a table of onewriter has its name in its SQL, letter
// by letter. SQLite's internal tables have no SQL.
constexpr auto suspects_sql
  = "SELECT type, name, tbl_name, sql, (SELECT \"table\" FROM "
    "pragma_foreign_key_list(s.name, 'main') "
    "WHERE lower(substr(\"table\", 1, 10)) = 'onewriter_') "
    "FROM sqlite_schema AS s WHERE instr(lower(sql), 'onewriter') > 0";

constexpr auto temporary_sql = "SELECT type, name FROM sqlite_temp_schema";

/// A row of `suspects_sql`.
struct suspect {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;
  std::optional<std::string> parent;
};

std::string_view without_quotes(std::string_view name) {
  auto is_quoted
    = name.size() > 1
      && std::string_view{"'\"`["}.find(name.front()) != std::string_view::npos;
  return is_quoted ? name.substr(1, name.size() - 2) : name;
}

/// The last words of an SQL text, to determine the role of the next one.
class last_words {
public:
  void add(std::string_view word) {
    words_ = {word, words_[0], words_[1]};
  }

  /// Returns whether the next word is a table that is written to. In a trigger
  /// its name has no database prefix.
  bool expect_target() const {
    return is(0, "INTO") || is(0, "UPDATE")
           || (is(0, "FROM") && is(1, "DELETE"))
           || (is(1, "OR") && is(2, "UPDATE"));
  }

private:
  bool is(size_t i, std::string_view keyword) const {
    return is_same_name(words_[i], keyword);
  }

  std::array<std::string_view, 3> words_;
};

bool writes_to_ours(std::string_view trigger) {
  last_words before;
  for (auto word = take_token(trigger); !word.empty();
       word = take_token(trigger)) {
    if (before.expect_target() && is_reserved(without_quotes(word)))
      return true;
    before.add(word);
  }
  return false;
}

// -- sentences --------------------------------------------------------------------

std::string obstacle_in(const suspect& x) {
  auto subject = "the " + x.type + " " + x.name;
  if (x.parent)
    return subject + " refers to " + *x.parent
           + " by a foreign key, which would make writes to that table fail";
  if (x.type == "trigger" && is_reserved(x.table))
    return subject + " would run when onewriter writes to its table " + x.table;
  if (x.type == "index" && is_reserved(x.table) && !is_reserved(x.name))
    return subject + " could make writes to onewriter's table " + x.table
           + " fail";
  return {};
}

std::string violation_in(const suspect& x) {
  auto result = obstacle_in(x);
  if (!result.empty())
    return result;
  if (x.type == "trigger" && writes_to_ours(x.sql))
    return "the trigger " + x.name
           + " would write to a table of onewriter, which is read-only, and "
             "so fail every write that runs it";
  if (is_same_name(x.name, "onewriter")
      && is_same_name(first_word(x.sql.substr(6)), "VIRTUAL"))
    return "the virtual table " + x.name
           + " would keep its content in tables whose names begin with "
             "onewriter_, which are for onewriter's own";
  return {};
}

// -- the schema -------------------------------------------------------------------

template <class F>
caf::expected<std::string> find_first(statement_runner& db, F sentence_about) {
  auto found = db.run_internal(suspects_sql);
  if (!found)
    return found.error();
  for (auto& line : found->rows) {
    auto sentence
      = sentence_about(line.into<suspect, std::string, std::string, std::string,
                                 std::string, std::optional<std::string>>());
    if (!sentence.empty())
      return sentence;
  }
  return std::string{};
}

caf::expected<std::string> find_temporary(statement_runner& db) {
  auto found = db.run_internal(temporary_sql);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return std::string{};
  auto [type, name] = found->rows.front().as<std::string, std::string>();
  return "the " + type + " " + name
         + " is temporary: it would vanish whenever the writer is restarted, "
           "and act on the writes of other callers until then";
}

} // namespace

caf::expected<std::string> find_obstacle(statement_runner& db) {
  return find_first(db, obstacle_in);
}

caf::expected<std::string> find_violation(statement_runner& db) {
  auto found = find_temporary(db);
  return found && found->empty() ? find_first(db, violation_in) : found;
}

} // namespace onewriter::sqlite
