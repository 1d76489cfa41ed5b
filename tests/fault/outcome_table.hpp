#pragma once

#include "tests/fault/trial.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace onewriter::test {

/// Counts what came of trials, by what went wrong, and prints it as a table.
class outcome_table {
public:
  /// Adds a trial in which `reached` says whether anything went wrong at all.
  void add(const std::string& what, const trial_result& result, bool reached);

  void print() const;

  uint64_t tried() const;

  uint64_t failed() const;

private:
  struct line {
    uint64_t tried = 0;
    uint64_t reached = 0;
    uint64_t unnoticed = 0;
    uint64_t with_errors = 0;
    uint64_t unopened = 0;
    uint64_t gave_up = 0;
    uint64_t errors = 0;
    uint64_t failed = 0;
  };

  line total() const;

  static void print(const std::string& name, const line& x);

  std::map<std::string, line> lines_;
};

} // namespace onewriter::test
