#include "app/serve/serve_config.hpp"

#include "app/arguments.hpp"
#include "tests/app/serve/service_process.hpp"
#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::node;
using namespace onewriter::test;

using strings = std::vector<std::string>;

TEST_CASE("options of a service are those of its configuration, too") {
  auto found = parse_arguments({"serve", "a.db", "--log-level", "warning",
                                "b.db", "--drain-limit=5s", "--tls-key=k",
                                "--onewriter.readers=2", "--create"});
  CHECK(found.problem.empty());
  CHECK(found.command == command::serve);
  CHECK(found.serve.files == strings{"a.db", "b.db"});
  CHECK(found.serve.create);
  CHECK(found.system
        == strings{"--serve.log-level=warning", "--serve.drain-limit=5s",
                   "--tls.key=k", "--onewriter.readers=2"});
  serve_config cfg;
  REQUIRE(cfg.read(found.system).empty());
  CHECK(cfg.service().log.level == log_level::warning);
  CHECK(cfg.service().drain_limit == std::chrono::seconds{5});
  CHECK(cfg.tls.key == "k");
}

TEST_CASE("the command line of a service comes before its configuration file") {
  temp_folder folder;
  auto path = folder.file("serve.conf");
  std::ofstream{path} << config_text(
    "serve", "log-format=\"json\"\nlog-level=\"error\"\n");
  serve_config cfg;
  auto problem
    = cfg.read({"--config-file=" + path, "--serve.log-level=warning"});
  REQUIRE(problem.empty());
  CHECK(cfg.service().log.format == log_format::json);
  CHECK(cfg.service().log.level == log_level::warning);
}

TEST_CASE("options that need a restart are named") {
  serve_config before;
  REQUIRE(
    before.read({"--onewriter.readers=2", "--serve.log-level=info"}).empty());
  serve_config same;
  REQUIRE(
    same.read({"--onewriter.readers=2", "--serve.log-level=error"}).empty());
  CHECK(changed_options(before, same).empty());
  serve_config third;
  REQUIRE(
    third
      .read({"--onewriter.readers=3", "--serve.drain-limit=5s", "--tls.key=k"})
      .empty());
  CHECK(changed_options(before, third)
        == "onewriter.readers, serve.drain-limit");
}
