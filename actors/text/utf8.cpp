#include "actors/text/utf8.hpp"

#include <array>
#include <cstring>
#include <utility>

namespace onewriter {

namespace {

// The bytes that may follow the bytes read so far. The automaton accepts text
// that takes it from `whole` to `whole`; from `broken` there is no way back.
enum state : unsigned {
  whole,      // the first byte of a character
  broken,     // nothing
  one_more,   // 80..BF
  two_more,   // 80..BF, 80..BF
  three_more, // 80..BF, 80..BF, 80..BF
  after_e0,   // A0..BF, 80..BF: less would fit into two bytes
  after_ed,   // 80..9F, 80..BF: more would be a surrogate
  after_f0,   // 90..BF, 80..BF, 80..BF: less would fit into three bytes
  after_f4,   // 80..8F, 80..BF, 80..BF: more would exceed U+10FFFF
  number_of_states,
};

constexpr bool is_continuation(unsigned byte) {
  return byte >= 0x80 && byte <= 0xBF;
}

constexpr state after_first_byte(unsigned byte) {
  if (byte < 0x80)
    return whole;
  if (byte < 0xC2 || byte > 0xF4)
    return broken;
  if (byte < 0xE0)
    return one_more;
  if (byte < 0xF0)
    return byte == 0xE0 ? after_e0 : byte == 0xED ? after_ed : two_more;
  return byte == 0xF0 ? after_f0 : byte == 0xF4 ? after_f4 : three_more;
}

constexpr state after_continuation(state from, unsigned byte) {
  switch (from) {
    case one_more:
      return whole;
    case two_more:
      return one_more;
    case three_more:
      return two_more;
    case after_e0:
      return byte >= 0xA0 ? one_more : broken;
    case after_ed:
      return byte < 0xA0 ? one_more : broken;
    case after_f0:
      return byte >= 0x90 ? two_more : broken;
    case after_f4:
      return byte < 0x90 ? two_more : broken;
    default:
      return broken;
  }
}

constexpr state after(state from, unsigned byte) {
  if (from == whole)
    return after_first_byte(byte);
  return is_continuation(byte) ? after_continuation(from, byte) : broken;
}

// The table has one number per byte, which holds the next state for each
// state, `state_bits` bits each. A state is kept as the position of its bits,
// so that a step is one load and one shift, without any branch.
constexpr unsigned state_bits = 6;
constexpr uint64_t state_mask = (1u << state_bits) - 1;
static_assert(state_bits * number_of_states <= 64);

constexpr uint64_t position(unsigned x) {
  return uint64_t{x} * state_bits;
}

static_assert(position(whole) == 0, "utf8_validator starts with 0");

constexpr uint64_t table_entry(unsigned byte) {
  uint64_t result = 0;
  for (unsigned from = 0; from < number_of_states; ++from)
    result |= position(after(static_cast<state>(from), byte)) << position(from);
  return result;
}

template <size_t... Byte>
constexpr std::array<uint64_t, 256> make_table(std::index_sequence<Byte...>) {
  return {table_entry(Byte)...};
}

constexpr auto table = make_table(std::make_index_sequence<256>{});

// Bits above `state_mask` carry no meaning; they are left to the next shift.
uint64_t step(uint64_t current, char byte) {
  return table[static_cast<unsigned char>(byte)] >> (current & state_mask);
}

constexpr size_t chunk_bytes = 8;

bool is_ascii(const char* chunk) {
  uint64_t bytes;
  std::memcpy(&bytes, chunk, chunk_bytes);
  return (bytes & 0x8080808080808080u) == 0;
}

uint64_t run(uint64_t current, std::string_view text) {
  auto pos = text.data();
  auto left = text.size();
  for (; left >= chunk_bytes; pos += chunk_bytes, left -= chunk_bytes) {
    if ((current & state_mask) == position(whole) && is_ascii(pos))
      continue;
    for (size_t i = 0; i < chunk_bytes; ++i)
      current = step(current, pos[i]);
  }
  for (; left > 0; ++pos, --left)
    current = step(current, *pos);
  return current & state_mask;
}

} // namespace

bool is_valid_utf8(std::string_view text) {
  return run(position(whole), text) == position(whole);
}

size_t complete_prefix(std::string_view text) {
  auto size = text.size();
  for (size_t n = 1; n <= 3 && n <= size; ++n) {
    if (is_continuation(static_cast<unsigned char>(text[size - n])))
      continue;
    auto end = run(position(whole), text.substr(size - n));
    return end == position(whole) || end == position(broken) ? size : size - n;
  }
  return size;
}

bool utf8_validator::feed(std::string_view block) {
  state_ = run(state_, block);
  return state_ != position(broken);
}

bool utf8_validator::finish() {
  return std::exchange(state_, position(whole)) == position(whole);
}

} // namespace onewriter
