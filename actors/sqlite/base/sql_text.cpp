#include "actors/sqlite/base/sql_text.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace onewriter::sqlite {

namespace {

constexpr auto none = std::string_view::npos;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

size_t length_until(std::string_view sql, std::string_view end, size_t from) {
  auto pos = sql.find(end, from);
  return pos == none ? sql.size() : pos + end.size();
}

size_t comment_length(std::string_view sql) {
  auto start = sql.substr(0, 2);
  if (start == "--")
    return length_until(sql, "\n", 2);
  if (start == "/*")
    return length_until(sql, "*/", 2);
  return 0;
}

// Returns the text after white space, comments and semicolons.
std::string_view without_start(std::string_view sql) {
  while (!sql.empty()) {
    auto length = comment_length(sql);
    if (length == 0 && !is_space(sql.front()) && sql.front() != ';')
      break;
    sql.remove_prefix(std::max(length, size_t{1}));
  }
  return sql;
}

// A doubled quote stands for itself; here it ends one quoted text and begins
// the next, which is equivalent.
size_t quoted_length(std::string_view sql) {
  switch (sql.front()) {
    case '\'':
    case '"':
    case '`':
      return length_until(sql, sql.substr(0, 1), 1);
    case '[':
      return length_until(sql, "]", 1);
    default:
      return 0;
  }
}

bool is_word_byte(char c) {
  constexpr auto ascii_end = 0x80;
  auto byte = static_cast<unsigned char>(c);
  return byte >= ascii_end || is_digit(c) || c == '_' || c == '$'
         || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

size_t token_length(std::string_view sql) {
  auto quoted = quoted_length(sql);
  if (quoted > 0)
    return quoted;
  auto end = std::find_if_not(sql.begin(), sql.end(), is_word_byte);
  return std::max<size_t>(1, static_cast<size_t>(end - sql.begin()));
}

} // namespace

bool is_blank(std::string_view sql) {
  return without_start(sql).empty();
}

bool has_open_comment(std::string_view sql) {
  while (!sql.empty()) {
    auto comment = comment_length(sql);
    if (comment == sql.size() && sql.substr(0, 2) == "/*")
      return sql.size() < 4 || sql.substr(sql.size() - 2) != "*/";
    sql.remove_prefix(std::max({comment, quoted_length(sql), size_t{1}}));
  }
  return false;
}

std::string_view first_word(std::string_view sql) {
  sql = without_start(sql);
  auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  auto end = std::find_if_not(sql.begin(), sql.end(), is_letter);
  return sql.substr(0, static_cast<size_t>(end - sql.begin()));
}

std::string_view take_token(std::string_view& sql) {
  sql = without_start(sql);
  auto length = sql.empty() ? 0 : token_length(sql);
  auto result = sql.substr(0, length);
  sql.remove_prefix(length);
  return result;
}

std::string take_statement(std::string& sql) {
  auto rest = std::string_view{sql};
  while (!rest.empty()) {
    auto is_end = rest.front() == ';';
    auto length = std::max(comment_length(rest), quoted_length(rest));
    rest.remove_prefix(std::max(length, size_t{1}));
    auto result = is_end ? sql.substr(0, sql.size() - rest.size()) : "";
    if (is_end && sqlite3_complete(result.c_str()) != 0) {
      sql.erase(0, result.size());
      return result;
    }
  }
  return {};
}

size_t count_nameless_parameters(std::string_view sql) {
  size_t result = 0;
  while (!sql.empty()) {
    auto length = std::max(comment_length(sql), quoted_length(sql));
    if (length == 0) {
      length = 1;
      if (sql.front() == '?' && (sql.size() == 1 || !is_digit(sql[1])))
        ++result;
    }
    sql.remove_prefix(length);
  }
  return result;
}

} // namespace onewriter::sqlite
