#include "app/audit/gather/sqlite_version.hpp"

#include "actors/sqlite/file/startup.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <sstream>

namespace onewriter::node {

namespace {

using namespace std::string_view_literals;

constexpr auto file_mark = "SQLite format 3\0"sv;

// 3.7.0, which brought the log, and the fix (https://sqlite.org/changes.html).
constexpr auto day_of_first_log = "2010-07-21"sv;
constexpr auto day_of_fix = "2026-03-03"sv;

// Of what a process maps to run, a device may have no end.
constexpr uint64_t most_program_bytes = 1 << 30;

constexpr size_t day_characters = 10;
constexpr size_t hash_characters = 40;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

// Whether `text` begins with the form of a source id: a day, a time, a hash.
bool is_source_id(std::string_view text) {
  constexpr auto form = "0000-00-00 00:00:00 "sv;
  if (text.size() < form.size() + hash_characters)
    return false;
  for (size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i])
      return false;
  auto hash = text.substr(form.size(), hash_characters);
  return std::all_of(hash.begin(), hash.end(), is_hexadecimal);
}

// Up to two digits from `at` on, which moves behind them.
bool skip_number(std::string_view text, size_t& at) {
  auto start = at;
  while (at < text.size() && at < start + 2 && is_digit(text[at]))
    ++at;
  return at > start;
}

bool skip_point(std::string_view text, size_t& at) {
  if (at >= text.size() || text[at] != '.')
    return false;
  ++at;
  return true;
}

// The version of three numbers that `text` begins with, which a NUL has to
// follow; else empty.
std::string_view version_at(std::string_view text) {
  size_t end = 0;
  if (!skip_number(text, end))
    return {};
  for (int i = 0; i < 2; ++i)
    if (!skip_point(text, end) || !skip_number(text, end))
      return {};
  return end < text.size() && text[end] == '\0' ? text.substr(0, end)
                                                : std::string_view{};
}

void find_dates(std::string_view bytes, sqlite_traces& to) {
  for (auto at = bytes.find("20", 1); at != bytes.npos;
       at = bytes.find("20", at + 1))
    if (!is_digit(bytes[at - 1]) && is_source_id(bytes.substr(at)))
      to.dates.emplace(bytes.substr(at, day_characters));
}

void find_versions(std::string_view bytes, sqlite_traces& to) {
  for (auto at = bytes.find("3.", 1); at != bytes.npos;
       at = bytes.find("3.", at + 1)) {
    auto before = static_cast<unsigned char>(bytes[at - 1]);
    auto found = version_at(bytes.substr(at));
    if (!std::isgraph(before) && !found.empty())
      to.versions.emplace(found);
  }
}

int number_of(const std::string& version) {
  std::istringstream in{version};
  std::array<int, 3> parts{};
  char point = 0;
  for (auto& x : parts)
    if (!(in >> x >> point))
      break;
  return parts[0] * 1'000'000 + parts[1] * 1'000 + parts[2];
}

bool has_bug(const std::string& version) {
  return sqlite::has_wal_reset_bug(number_of(version));
}

// The versions that a source of the day `date` can have: those that were
// released after the fix begin with 3.44.6, and of those before it 3.51.2 is
// the last.
std::set<std::string> possible_versions(const sqlite_traces& x,
                                        const std::string& date) {
  constexpr int first_fixed = 3'044'006;
  constexpr int last_before = 3'051'002;
  std::set<std::string> result;
  for (auto& version : x.versions)
    if (date < day_of_fix ? number_of(version) <= last_before
                          : number_of(version) >= first_fixed)
      result.insert(version);
  return result;
}

reset_bug bug_of(const std::set<std::string>& versions,
                 const std::string& date) {
  if (date < day_of_first_log)
    return reset_bug::no;
  if (date < day_of_fix)
    return reset_bug::yes;
  auto count = std::count_if(versions.begin(), versions.end(), has_bug);
  if (versions.empty()
      || (count > 0 && count < static_cast<ptrdiff_t>(versions.size())))
    return reset_bug::unknown;
  return count > 0 ? reset_bug::yes : reset_bug::no;
}

} // namespace

void sqlite_traces::add(const sqlite_traces& other) {
  has_file_mark = has_file_mark || other.has_file_mark;
  dates.insert(other.dates.begin(), other.dates.end());
  versions.insert(other.versions.begin(), other.versions.end());
}

sqlite_traces traces_in(std::string_view bytes) {
  sqlite_traces result;
  result.has_file_mark = bytes.find(file_mark) != bytes.npos;
  find_dates(bytes, result);
  find_versions(bytes, result);
  return result;
}

sqlite_traces traces_in_file(const piece_reader& read) {
  constexpr size_t piece_bytes = 1 << 20;
  // More than the longest text, so that each is whole in one of the pieces.
  constexpr size_t overlap = 256;
  sqlite_traces result;
  for (uint64_t at = 0; at < most_program_bytes; at += piece_bytes - overlap) {
    auto piece = read(at, piece_bytes);
    result.add(traces_in(piece));
    if (piece.size() < piece_bytes)
      break;
  }
  return result;
}

std::optional<sqlite_copy> identify(const sqlite_traces& x) {
  if (!x.has_file_mark || x.dates.empty())
    return std::nullopt;
  sqlite_copy result;
  result.date = *x.dates.rbegin();
  auto versions = possible_versions(x, result.date);
  if (versions.size() == 1)
    result.version = *versions.begin();
  result.bug = bug_of(versions, result.date);
  return result;
}

} // namespace onewriter::node
