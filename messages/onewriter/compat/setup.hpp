// Setup of a configuration, for CAF 0.17 and 1.x.
#pragma once

#include <caf/actor_system_config.hpp>

#include <string>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/init_global_meta_objects.hpp>
#endif

namespace onewriter::compat {

#if CAF_MAJOR_VERSION >= 1

/// Registers the message types of `Blocks` with CAF. Must be constructed, or be
/// an earlier base class, before every `caf::actor_system_config`.
template <class... Blocks>
struct type_registrar {
  type_registrar() {
    caf::core::init_global_meta_objects();
    (caf::init_global_meta_objects<Blocks>(), ...);
  }
};

/// Makes the message types of `Blocks` and the error category `Error` known to
/// a configuration, from its constructor.
template <class Error, class... Blocks>
void register_types(caf::actor_system_config&) {
  type_registrar<Blocks...>{};
}

/// Prefix of the keys of CAF's own options.
#  define ONEWRITER_CAF_KEY(name) "caf." name

#else

/// CAF 0.17 registers types per configuration: see `register_types`.
template <class... Blocks>
struct type_registrar {};

/// Makes the message types of `Blocks` and the error category `Error` known to
/// a configuration, from its constructor.
template <class Error, class... Blocks>
void register_types(caf::actor_system_config& cfg) {
  (cfg.add_message_types<Blocks>(), ...);
  // The one-argument overload of add_error_category does not compile in 0.17.
  cfg.add_error_category(
    caf::detail::error_factory<Error>::category,
    [](uint8_t code, caf::atom_value, const caf::message& x) {
      auto text = to_string(static_cast<Error>(code));
      return x.empty() ? text : text + to_string(x);
    });
}

/// Prefix of the keys of CAF's own options.
#  define ONEWRITER_CAF_KEY(name) name

#endif

/// Makes the scheduler's threads share one queue of actors.
inline void share_scheduler_queue(caf::actor_system_config& cfg) {
#if CAF_MAJOR_VERSION >= 1
  cfg.set("caf.scheduler.policy", "sharing");
#else
  cfg.set("scheduler.policy", caf::atom("sharing"));
#endif
}

/// Returns the version of CAF that this is compiled against.
inline std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + "."
         + std::to_string(CAF_MINOR_VERSION) + "."
         + std::to_string(CAF_PATCH_VERSION);
}

/// Returns the generation of CAF: its messages have one format on the wire.
inline std::string caf_generation() {
  return CAF_MAJOR_VERSION >= 1 ? std::to_string(CAF_MAJOR_VERSION)
                                : "0." + std::to_string(CAF_MINOR_VERSION);
}

/// Whether parsing the command line of `cfg` has printed the help text, after
/// which a program should exit.
inline bool has_printed_help(const caf::actor_system_config& cfg) {
#if CAF_MAJOR_VERSION >= 1
  return cfg.helptext_printed();
#else
  return cfg.cli_helptext_printed;
#endif
}

} // namespace onewriter::compat
