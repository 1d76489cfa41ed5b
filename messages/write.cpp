#include "onewriter/write.hpp"

#include "messages/enum_names.hpp"

namespace onewriter {

namespace {

constexpr enum_names<priority, 3> priority_names{
  {"urgent", "normal", "background"}};

} // namespace

std::string to_string(priority x) {
  return priority_names.name(x);
}

bool from_string(std::string_view str, priority& x) {
  return priority_names.parse(str, x);
}

bool from_integer(uint8_t value, priority& x) {
  return priority_names.convert(value, x);
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
