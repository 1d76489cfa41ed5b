#pragma once

#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

#include <string>

namespace onewriter {

/// Registers onewriter's message types with CAF 1.x, which requires that before
/// any configuration is constructed. The first base class of a configuration
/// class that does not derive from `config`.
class message_types {
public:
  message_types();
};

/// Registers onewriter's messages and errors with `cfg`. Called in the
/// constructor of a configuration class that does not derive from `config`.
void register_messages(caf::actor_system_config& cfg);

/// A configuration with onewriter's messages, and with its options in the group
/// `onewriter` of CAF's configuration file and command line
/// (`--onewriter.path=FILE`). Use it as it is or derive from it.
class config : message_types, public caf::actor_system_config {
public:
  config();

  /// Values that the program sets here before `parse` are the defaults. After
  /// `parse`, read them with `database_options`: only it applies `synchronous`,
  /// `foreign-keys` and `writer-thread`.
  options database;

  /// Returns `database` after checking it. Error: `ec::invalid_argument`, which
  /// names the option and its valid values.
  [[nodiscard]] caf::expected<options> database_options() const;

private:
  void add_database_options();

  void add_queue_options();

  void add_watch_options();

  // As written by the user; empty if not set.
  std::string synchronous_;
  // A string, because CAF 0.17 takes no value for a flag, which could not be
  // switched off.
  std::string foreign_keys_;
  std::string thread_;
};

} // namespace onewriter
