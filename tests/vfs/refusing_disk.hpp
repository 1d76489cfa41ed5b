#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <utility>

namespace onewriter::test {

/// A disk that, while switched on, refuses the calls for which a predicate
/// holds.
class refusing_disk : private io_observer {
public:
  using predicate = std::function<bool(const io_call&)>;

  /// `code` is the result that SQLite gets. `refuses` is called on any thread.
  refusing_disk(int code, predicate refuses)
    : code_{code},
      refuses_{std::move(refuses)} {
    // nop
  }

  const std::string& name() const {
    return vfs_.name();
  }

  std::atomic<bool> is_refusing{false};

private:
  io_verdict before(const io_call& what) override {
    if (is_refusing && refuses_(what))
      return {code_, false, -1};
    return {};
  }

  int code_;
  predicate refuses_;
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
