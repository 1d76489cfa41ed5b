#pragma once

#include "app/demo/core/node_messages.hpp"
#include "app/remote/tls_files.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/config.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// The node's own message types; known before `config` is constructed.
using node_types = compat::type_registrar<caf::id_block::onewriter_node>;

/// The configuration of the node: CAF's options and those of the database, with
/// defaults that suit a node whose peers come first.
class node_config : node_types, public config {
public:
  node_config();

  /// Reads the configuration file, if there is one, and then `words`, each of
  /// them an option. Returns what is wrong, for people; empty where nothing is.
  [[nodiscard]] std::string read(std::vector<std::string> words);

  /// The group `tls`: for databases of other machines.
  tls_files tls;

  /// Whether `words` asked for a list of options, which was printed.
  bool printed_options() const {
    return printed_options_;
  }

private:
  std::string problem_of(const std::string& word) const;

  bool printed_options_ = false;
};

} // namespace onewriter::node
