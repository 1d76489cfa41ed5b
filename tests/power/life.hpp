#pragma once

#include "tests/power/life_book.hpp"
#include "tests/power/life_plan.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// What came of a life.
struct life_record {
  life_book book;
  /// All changes of the disk, in order.
  std::vector<disk_change> changes;
  /// Whether the power was cut; otherwise the file was closed in order.
  bool was_cut = false;
};

/// Opens `test.db` in `folder`, where the documents to be indexed are in
/// `documents`, and lives as planned. `book` says what is in the file.
life_record live(caf::actor_system& sys, volatile_disk& disk,
                 const std::string& folder, const std::string& documents,
                 const life_plan& plan, enum synchronous level, uint64_t seed,
                 life_book book);

} // namespace onewriter::test
