#include "actors/text/sha256.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

using working_variables = std::array<uint32_t, 8>;

// The 16 words of the message schedule that are in use at a time. Words 16 to
// 63 take the place of the ones that they are computed from.
using schedule = std::array<uint32_t, 16>;

using all_words = std::make_index_sequence<16>;

// The fractional parts of the cube roots of the first 64 primes (FIPS 180-4,
// section 4.2.2).
constexpr std::array<uint32_t, 64> round_constants{
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
  0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
  0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
  0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t rotate_right(uint32_t x, int bits) {
  return (x >> bits) | (x << (32 - bits));
}

uint32_t load_big_endian(const unsigned char* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16
         | uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

template <class Word, class Byte>
void store_big_endian(Word word, Byte* bytes) {
  for (size_t i = 0; i < sizeof(Word); ++i)
    bytes[i] = static_cast<Byte>(word >> (8 * (sizeof(Word) - 1 - i)));
}

// One round, the `Round`-th of sixteen. The standard moves the eight variables
// one place on in each round; here they stay and their names move. These
// functions are `inline` because otherwise GCC at -O2 emits calls, which costs
// a quarter of the speed.
template <size_t Round>
inline void run_round(working_variables& v, uint32_t input) {
  constexpr auto first = 16 - Round;
  auto a = v[first % 8], b = v[(first + 1) % 8], c = v[(first + 2) % 8];
  auto e = v[(first + 4) % 8], f = v[(first + 5) % 8], g = v[(first + 6) % 8];
  auto& d = v[(first + 3) % 8];
  auto& h = v[(first + 7) % 8];
  auto sum1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
  auto sum0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
  auto choice = g ^ (e & (f ^ g));
  auto majority = (a & b) | (c & (a | b));
  h += sum1 + choice + input;
  d += h;
  h += sum0 + majority;
}

template <size_t... Word>
inline void run_rounds(working_variables& v, const schedule& w,
                       const uint32_t* k, std::index_sequence<Word...>) {
  (run_round<Word>(v, w[Word] + k[Word]), ...);
}

// Computes a word of the schedule from those 16, 15, 7 and 2 places back.
template <size_t Word>
inline void advance_word(schedule& w) {
  auto x = w[(Word + 1) % 16], y = w[(Word + 14) % 16];
  auto sigma0 = rotate_right(x, 7) ^ rotate_right(x, 18) ^ (x >> 3);
  auto sigma1 = rotate_right(y, 17) ^ rotate_right(y, 19) ^ (y >> 10);
  w[Word] += sigma0 + w[(Word + 9) % 16] + sigma1;
}

template <size_t... Word>
inline void advance(schedule& w, std::index_sequence<Word...>) {
  (advance_word<Word>(w), ...);
}

void compress(working_variables& state, const unsigned char* block) {
  schedule w;
  for (size_t i = 0; i < w.size(); ++i)
    w[i] = load_big_endian(block + 4 * i);
  auto v = state;
  for (size_t done = 0; done < round_constants.size(); done += w.size()) {
    if (done > 0)
      advance(w, all_words{});
    run_rounds(v, w, round_constants.data() + done, all_words{});
  }
  for (size_t i = 0; i < v.size(); ++i)
    state[i] += v[i];
}

} // namespace

void sha256::update(const void* data, size_t size) {
  auto bytes = static_cast<const unsigned char*>(data);
  auto taken = fill_block(bytes, size);
  for (; size - taken >= block_bytes; taken += block_bytes) {
    compress(state_, bytes + taken);
    total_ += block_bytes;
  }
  fill_block(bytes + taken, size - taken);
}

void sha256::update(std::string_view bytes) {
  update(bytes.data(), bytes.size());
}

sha256_digest sha256::finish() {
  pad();
  sha256_digest result;
  for (size_t i = 0; i < state_.size(); ++i)
    store_big_endian(state_[i], result.data() + 4 * i);
  *this = sha256{};
  return result;
}

size_t sha256::fill_block(const unsigned char* bytes, size_t size) {
  auto used = static_cast<size_t>(total_ % block_bytes);
  auto taken = std::min(size, block_bytes - used);
  std::copy_n(bytes, taken, block_.data() + used);
  total_ += taken;
  if (used + taken == block_bytes)
    compress(state_, block_.data());
  return taken;
}

void sha256::pad() {
  static constexpr std::array<unsigned char, block_bytes> padding{0x80};
  std::array<unsigned char, 8> length;
  store_big_endian(total_ * 8, length.data());
  auto last = block_bytes - length.size();
  auto used = static_cast<size_t>(total_ % block_bytes);
  update(padding.data(), used < last ? last - used : last + block_bytes - used);
  update(length.data(), length.size());
}

sha256_digest sha256_of(std::string_view bytes) {
  sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::string to_hex(const sha256_digest& digest) {
  constexpr auto digits = "0123456789abcdef";
  std::string result;
  result.reserve(2 * digest.size());
  for (auto byte : digest) {
    result += digits[std::to_integer<size_t>(byte >> 4)];
    result += digits[std::to_integer<size_t>(byte & std::byte{15})];
  }
  return result;
}

} // namespace onewriter
