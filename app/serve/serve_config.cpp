#include "app/serve/serve_config.hpp"

#include "app/remote/remote_address.hpp"

#include <caf/config_value.hpp>
#include <caf/settings.hpp>

#include <fstream>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace onewriter::node {

namespace {

constexpr std::string_view file_option = "--config-file=";

// CAF takes a file that it cannot read for one that is empty.
std::string problem_of_file(const std::vector<std::string>& words) {
  for (auto& word : words)
    if (word.compare(0, file_option.size(), file_option) == 0) {
      auto path = word.substr(file_option.size());
      if (!std::ifstream{path}.is_open())
        return "cannot read the configuration file " + path;
    }
  return {};
}

// Adds what is in `what` to `to`, by full names.
void flatten(const caf::settings& what, const std::string& prefix,
             std::map<std::string, std::string>& to) {
  for (auto& [name, value] : what)
    if (auto group = caf::get_if<caf::settings>(&value))
      flatten(*group, prefix + std::string{name} + '.', to);
    else
      to.emplace(prefix + std::string{name}, to_string(value));
}

std::map<std::string, std::string> all_options(const serve_config& cfg) {
  std::map<std::string, std::string> result;
  flatten(content(cfg), {}, result);
  return result;
}

} // namespace

serve_config::serve_config() {
  compat::register_types<ec, caf::id_block::onewriter_serve>(*this);
  auto& restarts = settings_.restarts;
  auto& limits = settings_.limits;
  opt_group{custom_options_, "serve"}
    .add(level_, "log-level", "info (default), warning or error")
    .add(format_, "log-format", "text (default) or json")
    .add(settings_.log.file, "log-file",
         "the log is appended to it; default: standard error")
    .add(settings_.drain_limit, "drain-limit",
         "how long what waits may be carried out at the end")
    .add(restarts.initial_delay, "reopen-delay",
         "pause before a database that gave up is opened again; doubles")
    .add(restarts.max_delay, "max-reopen-delay", "the longest of these pauses")
    .add(restarts.max_restarts, "max-failures",
         "one more in failure-period, and the service ends")
    .add(restarts.period, "failure-period",
         "and how long a database must run for its pauses to begin again")
    .add(settings_.listen, "listen",
         "HOST:PORT for other machines, which needs TLS")
    .add(limits.max_strangers, "max-strangers",
         "connections that have not shown a certificate yet")
    .add(limits.max_connections, "max-connections",
         "connections of other machines")
    .add(limits.max_silence, "silence-limit",
         "a connection without a message for so long is closed");
}

std::string serve_config::read(std::vector<std::string> words) {
  if (auto problem = problem_of_file(words); !problem.empty())
    return problem;
  if (auto problem = node_config::read(std::move(words)); !problem.empty())
    return problem;
  return problem_of_settings();
}

std::string serve_config::problem_of_settings() {
  if (level_ == "info")
    settings_.log.level = log_level::info;
  else if (level_ == "warning")
    settings_.log.level = log_level::warning;
  else if (level_ == "error")
    settings_.log.level = log_level::error;
  else
    return "serve.log-level must be info, warning or error";
  if (format_ != "text" && format_ != "json")
    return "serve.log-format must be text or json";
  settings_.log.format
    = format_ == "json" ? log_format::json : log_format::text;
  if (settings_.drain_limit.count() <= 0)
    return "serve.drain-limit must be above zero";
  auto& restarts = settings_.restarts;
  if (restarts.initial_delay.count() <= 0
      || restarts.max_delay < restarts.initial_delay)
    return "serve.reopen-delay must be above zero, and serve.max-reopen-delay "
           "not below it";
  if (restarts.period.count() <= 0)
    return "serve.failure-period must be above zero";
  return problem_of_listening();
}

std::string serve_config::problem_of_listening() const {
  if (settings_.listen.empty())
    return {};
  if (auto where = parse_endpoint(settings_.listen); !where)
    return "serve.listen: " + failure_of(where.error()).message;
  // What is in the files is looked at where they are used.
  if (tls.certificate.empty() || tls.key.empty() || tls.ca_file.empty())
    return "serve.listen: " + failure_of(check_files(tls)).message;
  auto& limits = settings_.limits;
  if (limits.max_strangers == 0 || limits.max_connections == 0)
    return "serve.max-strangers and serve.max-connections must be above zero";
  if (limits.max_silence.count() <= 0)
    return "serve.silence-limit must be above zero";
  return {};
}

std::string changed_options(const serve_config& before,
                            const serve_config& now) {
  const std::set<std::string> reread{"serve.log-level", "serve.log-format",
                                     "serve.log-file",  "tls.certificate",
                                     "tls.key",         "tls.ca-file"};
  auto old = all_options(before);
  auto fresh = all_options(now);
  std::set<std::string> names;
  for (auto& [name, value] : old)
    if (auto found = fresh.find(name);
        found == fresh.end() || found->second != value)
      names.insert(name);
  for (auto& [name, value] : fresh)
    if (old.count(name) == 0)
      names.insert(name);
  std::string result;
  for (auto& name : names)
    if (reread.count(name) == 0)
      result += (result.empty() ? "" : ", ") + name;
  return result;
}

} // namespace onewriter::node
