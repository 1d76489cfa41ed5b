#include "onewriter/failure.hpp"

#include "onewriter/compat/errors.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter {

ONEWRITER_COMPAT_DEFINE_COMPARISON(ec)

caf::error make_failure(ec code, failure what) {
  return caf::make_error(code, std::move(what));
}

caf::error make_failure(ec code, std::string message) {
  failure what;
  what.message = std::move(message);
  return make_failure(code, std::move(what));
}

failure failure_of(const caf::error& err) {
  if (auto what = compat::context_of<failure>(err))
    return *what;
  failure result;
  if (err != caf::none)
    result.message
      = code_of(err) == ec::internal ? to_string(err) : to_string(code_of(err));
  return result;
}

ec code_of(const caf::error& err) {
  if (err == caf::none)
    return ec::none;
  if (auto code = compat::code_of<ec>(err))
    return *code;
  if (err == caf::sec::request_timeout)
    return ec::deadline_exceeded;
  if (compat::is_receiver_gone(err))
    return ec::unavailable;
  return ec::internal;
}

std::string describe(const caf::error& err) {
  auto what = failure_of(err);
  auto result = to_string(code_of(err));
  if (!what.message.empty())
    result += ": " + what.message;
  if (what.sqlite_code != 0)
    result += " [SQLite " + std::to_string(what.sqlite_code) + "]";
  // The text of the first one says enough, and most requests have no other.
  if (what.statement > 0)
    result += " in statement " + std::to_string(what.statement + 1);
  if (!what.sql.empty())
    result += ": " + what.sql;
  return result;
}

} // namespace onewriter
