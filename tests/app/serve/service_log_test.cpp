#include "app/serve/service_log.hpp"

#include "tests/app/serve/service_process.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <string>

using namespace onewriter;
using namespace onewriter::node;
using namespace onewriter::test;

TEST_CASE("lines of a service's log have one form for people and one for "
          "programs") {
  constexpr int64_t when = 1'790'000'000'007;
  CHECK(log_line(log_format::text, when, log_level::warning, "shop.db", "slow")
        == "2026-09-21T14:13:20.007Z warning shop.db: slow");
  CHECK(log_line(log_format::text, when, log_level::info, "", "ready")
        == "2026-09-21T14:13:20.007Z info ready");
  CHECK(log_line(log_format::json, when, log_level::error, "shop.db", "bad")
        == R"({"time":"2026-09-21T14:13:20.007Z","level":"error",)"
           R"("database":"shop.db","message":"bad"})");
  CHECK(log_line(log_format::json, when, log_level::info, "", "ready")
        == R"({"time":"2026-09-21T14:13:20.007Z","level":"info",)"
           R"("message":"ready"})");
}

TEST_CASE("no text of a request begins a line of its own in the log") {
  CHECK(
    log_line(log_format::text, 0, log_level::info, "a\nb", "c\nd\x1b[2J\xff")
    == "1970-01-01T00:00:00.000Z info a\\x0ab: c\\x0ad\\x1b[2J\\xff");
  auto line
    = log_line(log_format::json, 0, log_level::info, "a\nb", "c\nd\xff");
  CHECK(line.find('\n') == line.npos);
  CHECK(line.find("\"a\\nb\"") != line.npos);
}

TEST_CASE("a log leaves out what is below its level") {
  temp_folder folder;
  log_settings settings;
  settings.file = folder.file("log");
  settings.level = log_level::warning;
  service_log log;
  REQUIRE(log.configure(settings).empty());
  log.info("one");
  log.warning("two");
  log.error("three");
  auto text = content_of(settings.file);
  CHECK(text.find("one") == text.npos);
  CHECK(text.find(" warning two\n") != text.npos);
  CHECK(text.find(" error three\n") != text.npos);
}

TEST_CASE("a log lets go of a file that was renamed") {
  temp_folder folder;
  log_settings settings;
  settings.file = folder.file("log");
  service_log log;
  REQUIRE(log.configure(settings).empty());
  log.info("one");
  std::filesystem::rename(settings.file, folder.file("old"));
  log.info("two");
  REQUIRE(log.configure(settings).empty());
  log.info("three");
  CHECK(content_of(folder.file("old")).find("two") != std::string::npos);
  auto text = content_of(settings.file);
  CHECK(text.find("two") == text.npos);
  CHECK(text.find("three") != text.npos);
}

TEST_CASE("a log goes on where its next file cannot be opened") {
  temp_folder folder;
  log_settings settings;
  settings.file = folder.file("log");
  service_log log;
  REQUIRE(log.configure(settings).empty());
  auto next = settings;
  next.file = folder.file("no/such/log");
  next.level = log_level::error;
  CHECK(log.configure(next).find("no/such/log: No such file")
        != std::string::npos);
  log.info("still here");
  CHECK(content_of(settings.file).find("still here") != std::string::npos);
}
