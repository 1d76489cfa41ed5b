#include "tests/fault/replies.hpp"

#include "onewriter/compat/errors.hpp"
#include "onewriter/failure.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter::test {

reply_state state_after(const caf::error& err) {
  if (err == caf::none)
    return reply_state::acknowledged;
  if (!compat::code_of<ec>(err))
    return reply_state::waiting;
  return err == ec::outcome_unknown ? reply_state::unknown
                                    : reply_state::refused;
}

void replies::hears(const std::string& who, const caf::error& err) {
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
