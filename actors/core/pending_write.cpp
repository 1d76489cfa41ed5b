#include "actors/core/pending_write.hpp"

#include "actors/support/wall_clock.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

struct title_reader {
  const std::string& operator()(const write& x) const {
    return x.statements.empty() ? nothing : x.statements.front().sql;
  }

  const std::string& operator()(const call& x) const {
    return x.name;
  }

  const std::string& operator()(const best_effort& x) const {
    return x.what.sql;
  }

  const std::string& operator()(const internal_task& x) const {
    return x.name;
  }

  const std::string& operator()(const transaction&) const {
    return function;
  }

  const std::string& operator()(const replay_dead_letter&) const {
    return replay;
  }

  static inline const std::string nothing;
  static inline const std::string function = "(function)";
  static inline const std::string replay = "(replay of a dead letter)";
};

template <class Request>
void copy_envelope(const Request& from, dead_letter& to) {
  to.priority = from.priority;
  to.idempotency_key = from.idempotency_key;
}

} // namespace

bool is_housekeeping(const pending_write& x) {
  return std::holds_alternative<internal_task>(x.request)
         && x.in != lane::chunk;
}

const std::string& title_of(const pending_write& x) {
  return std::visit(title_reader{}, x.request);
}

std::optional<dead_letter> to_letter(const pending_write& x,
                                     const caf::error& reason) {
  dead_letter result;
  if (auto statements = std::get_if<write>(&x.request)) {
    result.statements = statements->statements;
    copy_envelope(*statements, result);
  } else if (auto function = std::get_if<call>(&x.request)) {
    result.function = function->name;
    result.arguments = function->arguments;
    copy_envelope(*function, result);
  } else {
    return std::nullopt;
  }
  result.code = code_of(reason);
  result.error = describe(reason);
  result.attempts = x.attempts + 1;
  auto age = pending_write::clock::now() - x.arrived;
  result.last_unix_ms = unix_ms_now();
  result.first_unix_ms
    = result.last_unix_ms
      - std::chrono::duration_cast<std::chrono::milliseconds>(age).count();
  return result;
}

} // namespace onewriter
