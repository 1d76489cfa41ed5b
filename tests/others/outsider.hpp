#pragma once

#include "tests/sqlite/child_process.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::test {

/// Another process, which does one step each time it is asked, and says what
/// came of it. To be created before the database is opened, as every
/// `child_process`. What steps share, they share in the other process.
class outsider {
public:
  using step = std::function<std::string()>;

  explicit outsider(std::vector<step> steps)
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
