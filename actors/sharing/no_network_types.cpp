// Stands for network_types.cpp where CAF has no middleman.
#include "actors/sharing/network_types.hpp"

namespace onewriter {

void register_network_types() {
  // nop
}

} // namespace onewriter
