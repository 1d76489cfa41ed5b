#pragma once

#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

#include <string>

namespace onewriter {

/// Makes onewriter's message types known to CAF 1.x, which wants that to happen
/// before any configuration is constructed: the first base class of a
/// configuration class that does not derive from `config`.
class message_types {
public:
  message_types();
};

/// Makes onewriter's messages and errors known to `cfg`: the one call in the
/// constructor of a configuration class that does not derive from `config`.
void register_messages(caf::actor_system_config& cfg);

/// A configuration with onewriter's messages, and with its options in the group
/// `onewriter` of CAF's configuration file and command line
/// (`--onewriter.path=FILE`). To be used as it is or to be derived from.
class config : message_types, public caf::actor_system_config {
public:
  config();

  /// What the program sets here before `parse` is the default. To be read with
  /// `database_options` after `parse`: it alone knows what was said about
  /// `synchronous`, `foreign-keys` and `writer-thread`.
  options database;

  /// Returns `database` after checking it. Error: `ec::invalid_argument`, which
  /// names the option and what it can be.
  [[nodiscard]] caf::expected<options> database_options() const;

private:
  void add_database_options();

  void add_queue_options();

  void add_watch_options();

  // As they are written; empty where nothing was.
  std::string synchronous_;
  // CAF 0.17 takes no value for a flag, so it could not be switched off.
  std::string foreign_keys_;
  std::string thread_;
};

} // namespace onewriter
