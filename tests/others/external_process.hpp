#pragma once

#include "tests/sqlite/child_process.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::test {

/// An external process, which does one step on each request and reports its
/// outcome. To be created before the database is opened, as every
/// `child_process`. Steps share their state in the external process.
class external_process {
public:
  using step = std::function<std::string()>;

  explicit external_process(std::vector<step> steps)
    : process_{[steps = std::move(steps)](talk_end& parent) {
        for (auto& x : steps) {
          if (parent.wait().empty())
            return;
          parent.tell(x());
        }
        parent.wait();
      }} {
    // nop
  }

  /// Blocks until the next step is done; returns what it said.
  std::string act() {
    process_.tell();
    return process_.wait();
  }

private:
  child_process process_;
};

} // namespace onewriter::test
