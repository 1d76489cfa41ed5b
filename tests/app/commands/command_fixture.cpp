#include "tests/app/commands/command_fixture.hpp"

#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"

#include <caf/after.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace onewriter::test {

namespace fs = std::filesystem;

command_outcome
command_fixture::run_into(std::ostream& out, node::interruption& stop,
                          const std::vector<std::string>& words) {
  auto what = node::parse_arguments(words);
  if (!what.problem.empty())
    return {node::exit_status::bad_arguments, {}, what.problem};
  REQUIRE(what.command == node::command::file);
  node::node_config cfg;
  node::set_command_defaults(cfg.database);
  auto problem = cfg.read(std::move(what.system));
  REQUIRE(problem.empty());
  caf::actor_system sys{cfg};
  std::ostringstream err;
  node::command_context ctx{cfg, sys, out, err, is_terminal, stop};
  command_outcome result;
  result.status = node::run_guarded(ctx, what.run);
  result.err = err.str();
  return result;
}

command_outcome command_fixture::run(const std::vector<std::string>& words) {
  std::ostringstream out;
  node::interruption stop;
  auto result = run_into(out, stop, words);
  result.out = out.str();
  return result;
}

void command_fixture::exec(const std::string& sql) {
  auto result = run({"exec", file, sql, "--create"});
  INFO(result.err);
  REQUIRE(result.status == 0);
}

void command_fixture::leave_dead_letters(const std::vector<write>& writes) {
  config cfg;
  cfg.database.path = file;
  cfg.database.log = nullptr;
  cfg.database.alerts.dead_letters = writes.size();
  cfg.database.alerts.check_interval = std::chrono::milliseconds{1};
  caf::actor_system sys{cfg};
  auto db = scoped_database::open(sys, cfg.database);
  REQUIRE(db);
  caf::scoped_actor listener{sys};
  compat::anon_send((*db)->database(),
                    subscribe{caf::actor_cast<caf::actor>(listener.address())});
  for (auto& x : writes)
    compat::anon_send((*db)->database(), x);
  for (auto kind = alert_kind::failed; kind != alert_kind::dead_letters;)
    listener->receive([&](const alert& x) { kind = x.kind; },
                      caf::after(std::chrono::seconds{30}) >>
                        [] { FAIL("no dead letters"); });
}

std::string command_fixture::rows(const std::string& sql) {
  auto result = run({"query", file, sql, "--no-header", "--format=csv"});
  return result.status == 0 ? without_returns(result.out) : result.err;
}

std::string command_fixture::content_of(const std::string& path) {
  if (!fs::is_regular_file(path))
    return {};
  std::ifstream in{path, std::ios::binary};
  return std::string(std::istreambuf_iterator<char>{in}, {});
}

bool command_fixture::exists(const std::string& path) {
  return fs::exists(fs::symlink_status(path));
}

std::string command_fixture::names() const {
  std::vector<std::string> found;
  for (auto& x : fs::directory_iterator{folder.path()})
    found.push_back(x.path().filename().string());
  std::sort(found.begin(), found.end());
  std::string result;
  for (auto& name : found)
    result += (result.empty() ? "" : " ") + name;
  return result;
}

std::string without_returns(const std::string& text) {
  auto result = text;
  result.erase(std::remove(result.begin(), result.end(), '\r'), result.end());
  return result;
}

} // namespace onewriter::test
