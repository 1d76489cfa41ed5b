#pragma once

#include "actors/store/integer_format.hpp"
#include "onewriter/protocol.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace onewriter {

/// Reads what an `encoder` with the same format of integers has written. After
/// the first byte that is missing or wrong, everything reads as zero and `ok`
/// is false.
class decoder {
public:
  /// `bytes` has to outlive the decoder.
  explicit decoder(const blob& bytes,
                   integer_format integers = integer_format::fixed)
    : bytes_{bytes},
      is_compact_{integers == integer_format::compact} {
    // nop
  }

  bool ok() const {
    return ok_;
  }

  bool at_end() const {
    return position_ == bytes_.size();
  }

  uint8_t get_byte() {
    return has(1) ? std::to_integer<uint8_t>(bytes_[position_++]) : 0;
  }

  void get(uint64_t& x) {
    x = is_compact_ ? get_groups() : get_eight();
  }

  void get(int64_t& x) {
    uint64_t bits = 0;
    get(bits);
    auto sign = uint64_t{0} - (bits & 1);
    x = static_cast<int64_t>(is_compact_ ? (bits >> 1) ^ sign : bits);
  }

  void get(double& x) {
    auto bits = get_eight();
    std::memcpy(&x, &bits, sizeof x);
  }

  void get(null&) {
    // nop
  }

  void get(std::string& x) {
    auto size = get_size();
    x.assign(reinterpret_cast<const char*>(bytes_.data()) + position_, size);
    position_ += size;
  }

  void get(blob& x) {
    auto size = get_size();
    auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(position_);
    x.assign(first, first + static_cast<std::ptrdiff_t>(size));
    position_ += size;
  }

  void get(value& x) {
    switch (get_byte()) {
      case 0:
        return get(x.data.emplace<null>());
      case 1:
        return get(x.data.emplace<int64_t>());
      case 2:
        return get(x.data.emplace<double>());
      case 3:
        return get(x.data.emplace<std::string>());
      case 4:
        return get(x.data.emplace<blob>());
      default:
        ok_ = false;
    }
  }

  void get(row& x) {
    get(x.cells);
  }

  void get(column& x) {
    get(x.name);
    get(x.declared_type);
  }

  void get(result_set& x) {
    get(x.columns);
    get(x.rows);
  }

  template <class T>
  void get(std::vector<T>& xs) {
    // Every element takes at least one byte, so a damaged size cannot ask for
    // more memory than the blob has bytes.
    for (auto count = get_size(); count > 0 && ok_; --count)
      get(xs.emplace_back());
  }

private:
  bool has(size_t count) {
    ok_ = ok_ && bytes_.size() - position_ >= count;
    return ok_;
  }

  uint64_t get_eight() {
    uint64_t result = 0;
    if (has(8))
      for (auto shift = 0; shift < 64; shift += 8)
        result |= uint64_t{get_byte()} << shift;
    return result;
  }

  uint64_t get_groups() {
    uint64_t result = 0;
    for (auto shift = 0; shift < 64; shift += 7) {
      auto byte = get_byte();
      result |= uint64_t{byte & 127u} << shift;
      // The tenth group has one bit.
      if (byte < (shift < 63 ? 128 : 2))
        return result;
    }
    ok_ = false;
    return 0;
  }

  size_t get_size() {
    uint64_t size = 0;
    get(size);
    return has(size) ? size : 0;
  }

  const blob& bytes_;
  bool is_compact_;
  size_t position_ = 0;
  bool ok_ = true;
};

} // namespace onewriter
