#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace onewriter {

/// The names of an enum's values, which count from 0 without a gap. CAF needs
/// them for an enum in messages.
template <class Enum, size_t Count>
struct enum_names {
  std::array<std::string_view, Count> texts;

  std::string name(Enum x) const {
    auto index = static_cast<size_t>(x);
    return std::string{index < Count ? texts[index] : "unknown"};
  }

  bool parse(std::string_view text, Enum& x) const {
    for (size_t index = 0; index < Count; ++index)
      if (texts[index] == text)
        return convert(static_cast<uint8_t>(index), x);
    return false;
  }

  bool convert(uint8_t value, Enum& x) const {
    if (value >= Count)
      return false;
    x = static_cast<Enum>(value);
    return true;
  }
};

} // namespace onewriter
