// CAF 1.x makes no error that carries a type it does not know. Programs with an
// actor system learn the types from its configuration; tests of this folder
// have none.

#include "onewriter/compat/setup.hpp"
#include "onewriter/protocol.hpp"

namespace {

[[maybe_unused]] const onewriter::compat::type_registrar<
  caf::id_block::onewriter>
  known_types;

} // namespace
