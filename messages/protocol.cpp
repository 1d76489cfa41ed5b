#include "onewriter/protocol.hpp"

#include "messages/enum_names.hpp"
#include "onewriter/compat/content.hpp"

#define ONEWRITER_DEFINE_CONTENT(name)                                         \
  ONEWRITER_COMPAT_DEFINE_CONTENT(onewriter::name)

ONEWRITER_COMPAT_DEFINE_CONTENT(::caf::error)
ONEWRITER_PROTOCOL(ONEWRITER_DEFINE_CONTENT)

namespace onewriter {

namespace {

constexpr enum_names<failure_kind, 2> failure_kind_names{
  {"connection", "exception"}};

} // namespace

std::string to_string(failure_kind x) {
  return failure_kind_names.name(x);
}

bool from_string(std::string_view str, failure_kind& x) {
  return failure_kind_names.parse(str, x);
}

bool from_integer(uint8_t value, failure_kind& x) {
  return failure_kind_names.convert(value, x);
}

} // namespace onewriter
