#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <string>

namespace onewriter::test {

/// Tells which thread is the writer's: the one that opened the database for
/// writing. It does not sync, for nobody cuts the power.
class writer_spotter : private io_observer {
public:
  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

private:
  io_verdict before(const io_call& what) override;

  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
