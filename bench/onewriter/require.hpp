#pragma once

#include "onewriter/failure.hpp"

#include <stdexcept>
#include <utility>

namespace onewriter::bench {

/// Throws `std::runtime_error` where there is an error.
inline void require(const caf::error& err) {
  if (err != caf::none)
    throw std::runtime_error{onewriter::describe(err)};
}

/// The same; returns the value where there is none.
template <class T>
T require(caf::expected<T> x) {
  if (!x)
    require(x.error());
  return std::move(*x);
}

} // namespace onewriter::bench
