// Bytes of values, for CAF 0.17 and 1.x.
#pragma once

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <vector>

namespace onewriter::compat {

#if CAF_MAJOR_VERSION >= 1

using byte_buffer = caf::byte_buffer;

template <class T>
caf::error serialize(caf::actor_system& sys, const T& x, byte_buffer& out) {
  caf::binary_serializer sink{sys, out};
  return sink.apply(x) ? caf::error{} : sink.get_error();
}

template <class T>
caf::error deserialize(caf::actor_system& sys, const byte_buffer& in, T& x) {
  caf::binary_deserializer source{sys, in};
  return source.apply(x) ? caf::error{} : source.get_error();
}

#else

using byte_buffer = std::vector<char>;

template <class T>
caf::error serialize(caf::actor_system& sys, const T& x, byte_buffer& out) {
  caf::binary_serializer sink{sys, out};
  return sink(x);
}

template <class T>
caf::error deserialize(caf::actor_system& sys, const byte_buffer& in, T& x) {
  caf::binary_deserializer source{sys, in};
  return source(x);
}

#endif

} // namespace onewriter::compat
