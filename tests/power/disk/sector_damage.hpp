#pragma once

#include "tests/power/disk/disk_change.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace onewriter::test {

/// How a power cut treats what was not synced.
struct damage_style {
  /// Bytes that the disk writes at once, as far as anything is.
  size_t sector = 512;
  /// How likely it is that a sector holds the last that was written to it, in
  /// percent; else it holds what it held at any time since it was synced.
  unsigned keeps = 50;
  /// How likely it is that a sector is torn, in percent.
  unsigned tears = 10;

  /// Draws a style: careful disks and careless ones.
  static damage_style draw(std::mt19937_64& random);
};

/// What power cuts did, counted.
struct damage_counts {
  uint64_t kept = 0;
  uint64_t lost = 0;
  uint64_t torn = 0;
  /// Truncations, and names created or removed, that were undone.
  uint64_t lost_truncations = 0;
  uint64_t lost_names = 0;
};

/// Returns what a power cut leaves of a file that held `synced` when it was
/// last synced, and to which `unsynced` was done since, in order.
std::string damaged(const std::string& synced,
                    const std::vector<const disk_change*>& unsynced,
                    const damage_style& style, std::mt19937_64& random,
                    damage_counts& counts);

} // namespace onewriter::test
