#pragma once

#include "actors/core/pending_write.hpp"

#include <memory>
#include <string>
#include <utility>

namespace onewriter::test {

using session_ptr = std::shared_ptr<const session_name>;

/// Returns a session whose name begins with `name`, of at most 16 bytes.
inline session_ptr make_session(const std::string& name) {
  session_name result{};
  for (size_t i = 0; i < name.size() && i < result.size(); ++i)
    result[i] = static_cast<std::byte>(name[i]);
  return std::make_shared<const session_name>(result);
}

/// Returns a request as a joined process sends it.
inline pending_write_ptr positioned(work_request what, session_position at) {
  auto result = std::make_shared<pending_write>();
  result->request = std::move(what);
  result->arrived = pending_write::clock::now();
  result->position = std::move(at);
  return result;
}

} // namespace onewriter::test
