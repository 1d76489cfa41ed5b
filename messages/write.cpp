#include "onewriter/write.hpp"

#include "messages/enum_names.hpp"

namespace onewriter {

namespace {

constexpr enum_names<priority, 3> names{{"urgent", "normal", "background"}};

} // namespace

std::string to_string(priority x) {
  return names.name(x);
}

bool from_string(std::string_view str, priority& x) {
  return names.parse(str, x);
}

bool from_integer(uint8_t value, priority& x) {
  return names.convert(value, x);
}

size_t bytes_of(const write& x) {
  auto result = sizeof(write) + x.idempotency_key.size();
  for (auto& part : x.statements)
    result += part.bytes();
  return result;
}

size_t bytes_of(const call& x) {
  auto result = sizeof(call) + x.name.size() + x.idempotency_key.size();
  for (auto& argument : x.arguments)
    result += argument.bytes();
  return result;
}

} // namespace onewriter
