#pragma once

#include <cstdint>

namespace onewriter::test {

/// Measures how much memory of this process was resident at most, compared with
/// when the object was made. What was freed before is given back first, so that
/// it does not hide what comes.
class peak_memory {
public:
  /// Throws where the system does not let the mark be reset.
  peak_memory();

  /// Returns the most since then, in MB of 1,000,000 bytes.
  int64_t growth_mb() const;

private:
  int64_t start_bytes_;
};

} // namespace onewriter::test
