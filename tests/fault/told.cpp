#include "tests/fault/told.hpp"

#include "onewriter/compat/errors.hpp"
#include "onewriter/failure.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter::test {

std::string to_string(answer x) {
  constexpr const char* names[] = {"none", "done", "refused", "unknown"};
  return names[static_cast<size_t>(x)];
}

answer answer_of(const caf::error& err) {
  if (err == caf::none)
    return answer::done;
  if (!compat::code_of<ec>(err))
    return answer::none;
  return err == ec::outcome_unknown ? answer::unknown : answer::refused;
}

void told::hears(const std::string& who, const caf::error& err) {
  if (err == caf::none)
    return;
  ++errors[code_of(err)];
  if (err == caf::sec::request_timeout)
    problems.push_back(who + " got no reply");
  else if (!compat::code_of<ec>(err))
    problems.push_back(who + " got an error of CAF's: "
                       + std::to_string(err.code()) + " of another category");
  else if (err == ec::internal)
    problems.push_back(who + " got " + describe(err));
}

} // namespace onewriter::test
