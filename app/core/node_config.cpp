#include "app/core/node_config.hpp"

#include "messages/compat/config_file.hpp"
#include "onewriter/scheduler.hpp"

#include <utility>

namespace onewriter::node {

node_config::node_config() {
  set_up_scheduler(*this);
  compat::read_no_default_file(*this);
  opt_group{custom_options_, "tls"}
    .add(tls.certificate, "certificate",
         "the certificate of this process, a PEM file")
    .add(tls.key, "key", "its private key, a PEM file")
    .add(tls.ca_file, "ca-file",
         "the authorities whose certificates others may have, a PEM file");
}

std::string node_config::read(std::vector<std::string> words) {
  for (auto& word : words) {
    if (auto problem = problem_of(word); !problem.empty())
      return problem;
    printed_options_
      = printed_options_ || word == "--long-help" || word == "--dump-config";
  }
  // CAF's error does not tell the file from the command line.
  auto list = words.empty() ? "" : "the options and ";
  auto err = parse(std::move(words));
  if (err == caf::none)
    return scheduler_problem(*this);
  return std::string{"CAF cannot parse "} + list
         + "the configuration file: " + to_string(err);
}

// Replaces CAF's own error text.
std::string node_config::problem_of(const std::string& word) const {
  auto name = word.substr(0, word.find('='));
  if (custom_options_.cli_long_name_lookup(name.substr(2)) == nullptr)
    return "unknown option " + name + "; see onewriter demo --long-help";
  return {};
}

} // namespace onewriter::node
