#pragma once

namespace onewriter {

/// Registers the messages of CAF's middleman, where there is one. To be called
/// before the first `caf::actor_system_config` is constructed.
void register_network_types();

} // namespace onewriter
