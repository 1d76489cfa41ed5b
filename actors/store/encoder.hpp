#pragma once

#include "actors/store/integer_format.hpp"
#include "onewriter/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace onewriter {

/// Appends to a blob: a double is 8 bytes, least significant first; a text or
/// blob is its size and its bytes; a list is its size and its elements; a value
/// is one byte for its type, the position in `value::variant`, and its content.
class encoder {
public:
  explicit encoder(integer_format integers = integer_format::fixed)
    : is_compact_{integers == integer_format::compact} {
    // nop
  }

  void put(uint64_t x) {
    if (is_compact_)
      return put_groups(x);
    for (auto shift = 0; shift < 64; shift += 8)
      put_byte(static_cast<uint8_t>(x >> shift));
  }

  void put(int64_t x) {
    auto bits = static_cast<uint64_t>(x);
    auto sign = uint64_t{0} - (bits >> 63);
    put(is_compact_ ? (bits << 1) ^ sign : bits);
  }

  void put(double x) {
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    for (auto shift = 0; shift < 64; shift += 8)
      put_byte(static_cast<uint8_t>(bits >> shift));
  }

  void put(null) {
    // nop
  }

  void put(const std::string& x) {
    put_bytes(x.data(), x.size());
  }

  void put(const blob& x) {
    put_bytes(x.data(), x.size());
  }

  void put(const value& x) {
    put_byte(static_cast<uint8_t>(x.data.index()));
    std::visit([this](auto& content) { put(content); }, x.data);
  }

  void put(const row& x) {
    put(x.cells);
  }

  void put(const column& x) {
    put(x.name);
    put(x.declared_type);
  }

  void put(const result_set& x) {
    put(x.columns);
    put(x.rows);
  }

  void put(const statement& x) {
    put(x.sql);
    put(x.parameters);
    put(x.names);
    put(x.expected_changes);
  }

  template <class T>
  void put(const std::vector<T>& xs) {
    put(uint64_t{xs.size()});
    for (auto& x : xs)
      put(x);
  }

  void put_byte(uint8_t x) {
    bytes_.push_back(std::byte{x});
  }

  blob take() {
    return std::move(bytes_);
  }

private:
  void put_groups(uint64_t x) {
    for (; x > 127; x >>= 7)
      put_byte(static_cast<uint8_t>(x | 128));
    put_byte(static_cast<uint8_t>(x));
  }

  void put_bytes(const void* data, size_t size) {
    put(uint64_t{size});
    auto first = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }

  bool is_compact_;
  blob bytes_;
};

} // namespace onewriter
