#include "onewriter/alert.hpp"

#include "messages/enum_names.hpp"

namespace onewriter {

namespace {

constexpr enum_names<alert_kind, alert_kind_count> alert_names{{
  "pending_writes",
  "oldest_pending",
  "dead_letters",
  "wal_size",
  "oldest_reader",
  "restarts",
  "refusals",
  "slow_statement",
  "failed",
}};

} // namespace

std::string to_string(alert_kind x) {
  return alert_names.name(x);
}

bool from_string(std::string_view str, alert_kind& x) {
  return alert_names.parse(str, x);
}

bool from_integer(uint8_t value, alert_kind& x) {
  return alert_names.convert(value, x);
}

} // namespace onewriter
