#include "actors/sharing/network_types.hpp"

#include "messages/compat/network.hpp"

namespace onewriter {

void register_network_types() {
  compat::register_network_types();
}

} // namespace onewriter
