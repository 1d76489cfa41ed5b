#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <string>

namespace onewriter::test {

/// Tells which threads are the writer's and the readers', by how they opened
/// the database: see `thread_role`. It does not sync: the trial does not cut
/// the power.
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
