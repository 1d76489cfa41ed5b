#include "app/audit/gather/sqlite_version.hpp"

#include "tests/catch.hpp"

#include <algorithm>

using namespace onewriter::node;

namespace {

using namespace std::string_literals;

const auto mark = "\0SQLite format 3\0"s;

std::string source_id(const std::string& day) {
  return '\0' + day + " 14:03:47 " + std::string(64, 'a') + '\0';
}

std::string version_text(const std::string& version) {
  return '\0' + version + '\0';
}

piece_reader reader_of(const std::string& content) {
  return [content](uint64_t at, size_t bytes) {
    return at < content.size() ? content.substr(at, bytes) : "";
  };
}

// What a program with `day` and `versions` in it has loaded.
std::optional<sqlite_copy> found(const std::string& day,
                                 const std::vector<std::string>& versions) {
  auto content = mark + source_id(day);
  for (auto& x : versions)
    content += version_text(x);
  return identify(traces_in(content));
}

bool has(const std::optional<sqlite_copy>& x, const std::string& version,
         reset_bug bug) {
  return x && x->version == version && x->bug == bug;
}

} // namespace

TEST_CASE("a SQLite is known by its mark, its source id and its version") {
  auto copy = found("2022-12-28", {"3.40.1"});
  REQUIRE(copy);
  CHECK(copy->version == "3.40.1");
  CHECK(copy->date == "2022-12-28");
  CHECK(copy->bug == reset_bug::yes);
  CHECK_FALSE(identify(traces_in("nothing"s)));
  CHECK_FALSE(identify(traces_in(mark)));
  CHECK_FALSE(
    identify(traces_in(source_id("2022-12-28") + version_text("3.40.1"))));
}

TEST_CASE("whether a SQLite has the bug follows from version and day") {
  CHECK(has(found("2010-01-05", {"3.6.22"}), "3.6.22", reset_bug::no));
  CHECK(has(found("2010-07-21", {"3.7.0"}), "3.7.0", reset_bug::yes));
  CHECK(has(found("2026-01-09", {"3.51.2"}), "3.51.2", reset_bug::yes));
  CHECK(has(found("2026-03-13", {"3.51.3"}), "3.51.3", reset_bug::no));
  CHECK(has(found("2026-03-19", {"3.50.7"}), "3.50.7", reset_bug::no));
  CHECK(has(found("2026-03-19", {"3.44.6"}), "3.44.6", reset_bug::no));
  CHECK(has(found("2026-04-09", {"3.53.0"}), "3.53.0", reset_bug::no));
}

TEST_CASE("with several versions the day decides, or nothing does") {
  CHECK(has(found("2022-12-28", {"3.40.1", "3.11.2"}), "", reset_bug::yes));
  CHECK(has(found("2022-12-28", {}), "", reset_bug::yes));
  // A version that SQLite did not have yet, or no longer had, is another's.
  CHECK(
    has(found("2022-12-28", {"3.40.1", "3.99.0"}), "3.40.1", reset_bug::yes));
  CHECK(
    has(found("2026-03-13", {"3.51.3", "3.11.2"}), "3.51.3", reset_bug::no));
  CHECK(has(found("2026-03-19", {"3.50.7", "3.51.3"}), "", reset_bug::no));
  CHECK(has(found("2026-03-19", {"3.50.7", "3.49.0"}), "", reset_bug::unknown));
  CHECK(has(found("2026-03-19", {}), "", reset_bug::unknown));
}

TEST_CASE("only whole texts are versions and source ids") {
  auto traces = traces_in("\0"
                          "13.40.1\0"
                          "x3.40.2\0"
                          "3.40.3x\0"
                          "3.40\0"
                          "3.40.4.5\0"
                          "\1"
                          "3.40.6\0"s
                          + "\0"
                            "12022-12-28 14:03:47 "s
                          + std::string(64, 'a')
                          + "\0"
                            "2022-12-28 14:03:47 xyz\0"s);
  CHECK(traces.versions == std::set<std::string>{"3.40.6"});
  CHECK(traces.dates.empty());
}

TEST_CASE("traces are found wherever the pieces of a file end") {
  constexpr size_t piece_bytes = 1 << 20;
  auto traces = mark + source_id("2022-12-28") + version_text("3.40.1");
  auto size = traces.size();
  for (size_t before = piece_bytes - 600; before <= piece_bytes + 100;
       before += 7) {
    auto content
      = std::string(before, 'x') + traces + std::string(piece_bytes, 'y');
    auto copy = identify(traces_in_file(reader_of(content)));
    CAPTURE(before, size);
    REQUIRE(has(copy, "3.40.1", reset_bug::yes));
  }
}
