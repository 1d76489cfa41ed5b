// What arrives from another node: bytes that are decoded as a message of the
// protocol. Nothing may end the process, and what could be decoded is encoded
// and decoded to the same bytes again.
//
// Input: one byte for the type, counted in the block of type IDs, then the
// message.
#include "messages/compat/serialization.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/protocol.hpp"
#include "tests/fuzz/verdict.hpp"

#include <array>
#include <memory>
#include <utility>

using namespace onewriter;
using onewriter::test::must;

namespace {

constexpr caf::type_id_t first_id = caf::type_id<ec>::value;
constexpr size_t id_count = caf::type_id<inject_failure>::value - first_id + 1;

using message_types = compat::type_registrar<caf::id_block::onewriter>;

class config : message_types, public caf::actor_system_config {
public:
  config() {
    compat::register_types<ec, caf::id_block::onewriter>(*this);
  }
};

struct node {
  config cfg;
  caf::actor_system sys{cfg};
};

// One for all inputs: it takes longer to start than a message to decode. Never
// destroyed: CAF's own globals may be gone when a global system ends.
caf::actor_system& system_of_node() {
  static auto& result = *std::make_unique<node>().release();
  return result.sys;
}

// Messages that never leave the process hold functions.
template <class T>
constexpr bool travels
  = !std::is_same_v<T, transaction> && !std::is_same_v<T, chunked_job>;

template <class T>
void decode(const compat::byte_buffer& bytes) {
  if constexpr (travels<T>) {
    auto& sys = system_of_node();
    T first{};
    if (compat::deserialize(sys, bytes, first) != caf::none)
      return;
    compat::byte_buffer once;
    must(compat::serialize(sys, first, once) == caf::none,
         "decoded, but cannot be encoded");
    T second{};
    must(compat::deserialize(sys, once, second) == caf::none,
         "encoded, but cannot be decoded");
    compat::byte_buffer twice;
    must(compat::serialize(sys, second, twice) == caf::none && once == twice,
         "another message after a round trip");
  }
}

using decoder = void (*)(const compat::byte_buffer&);

template <size_t... Is>
constexpr std::array<decoder, id_count>
make_decoders(std::index_sequence<Is...>) {
  return {{&decode<typename caf::type_by_id<first_id + Is>::type>...}};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static constexpr auto decoders
    = make_decoders(std::make_index_sequence<id_count>{});
  if (size == 0)
    return 0;
  compat::byte_buffer bytes;
  for (size_t i = 1; i < size; ++i)
    bytes.push_back(
      static_cast<typename compat::byte_buffer::value_type>(data[i]));
  decoders[data[0] % id_count](bytes);
  return 0;
}
