#pragma once

#include "app/core/tls_files.hpp"
#include "onewriter/config.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// The configuration of the program: CAF's options, those of the database, and
/// those for TLS. Commands with messages of their own derive from it.
class node_config : public config {
public:
  node_config();

  /// Reads the configuration file that `words` name, if they do, and then
  /// `words`, each of them an option. Returns what is wrong, for people; empty
  /// where nothing is.
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
