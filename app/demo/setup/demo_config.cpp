#include "app/demo/setup/demo_config.hpp"

namespace onewriter::node {

demo_config::demo_config() {
  compat::register_types<ec, caf::id_block::onewriter_node>(*this);
  // Peers wait for their writes, but not for texts to be indexed.
  database.index_jobs = 1;
}

} // namespace onewriter::node
