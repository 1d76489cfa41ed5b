// CAF's default configuration file, for CAF 0.17 and 1.x.
#pragma once

#include <caf/actor_system_config.hpp>

namespace onewriter::compat {

/// Makes `cfg` read only a configuration file that is named. By default CAF
/// reads `caf-application.ini` (1.x: `.conf`) in the current folder, so that
/// the folder of another user could change what a program does.
inline void read_no_default_file(caf::actor_system_config& cfg) {
#if CAF_MAJOR_VERSION >= 1
  cfg.config_file_path("");
#else
  cfg.config_file_path.clear();
#endif
}

} // namespace onewriter::compat
