#include "tests/fault/outcome_table.hpp"

#include <cinttypes>
#include <cstdio>

namespace onewriter::test {

void outcome_table::add(const std::string& what, const trial_result& result,
                        bool reached) {
  auto& to = lines_[what];
  ++to.tried;
  to.reached += reached ? 1 : 0;
  to.unopened += result.unopened ? 1 : 0;
  to.gave_up += result.gave_up ? 1 : 0;
  to.errors += result.errors;
  to.failed += result.problems.empty() ? 0 : 1;
  if (reached)
    ++(result.errors == 0 ? to.unnoticed : to.with_errors);
}

void outcome_table::print() const {
  std::printf("%-26s %7s %7s %9s %7s %8s %7s %7s %7s\n", "fault", "tried",
              "reached", "unnoticed", "errors", "unopened", "gave up",
              "callers", "FAILED");
  for (auto& [name, x] : lines_)
    print(name, x);
  print("all", total());
}

uint64_t outcome_table::tried() const {
  return total().tried;
}

uint64_t outcome_table::failed() const {
  return total().failed;
}

outcome_table::line outcome_table::total() const {
  line result;
  for (auto& [ignored, x] : lines_) {
    result.tried += x.tried;
    result.reached += x.reached;
    result.unnoticed += x.unnoticed;
    result.with_errors += x.with_errors;
    result.unopened += x.unopened;
    result.gave_up += x.gave_up;
    result.errors += x.errors;
    result.failed += x.failed;
  }
  return result;
}

void outcome_table::print(const std::string& name, const line& x) {
  std::printf("%-26s %7" PRIu64 " %7" PRIu64 " %9" PRIu64 " %7" PRIu64
              " %8" PRIu64 " %7" PRIu64 " %7" PRIu64 " %7" PRIu64 "\n",
              name.c_str(), x.tried, x.reached, x.unnoticed, x.with_errors,
              x.unopened, x.gave_up, x.errors, x.failed);
}

} // namespace onewriter::test
