#pragma once

#include "app/core/node_config.hpp"
#include "app/demo/core/node_messages.hpp"

namespace onewriter::node {

/// The messages of the demo; known before `config` is constructed.
using demo_types = compat::type_registrar<caf::id_block::onewriter_node>;

/// The configuration of the demo, with defaults that suit a node whose peers
/// come first.
class demo_config : demo_types, public node_config {
public:
  demo_config();
};

} // namespace onewriter::node
