#include "app/commands/output/dead_letter_text.hpp"

#include "actors/console/format.hpp"
#include "actors/console/text_table.hpp"
#include "app/commands/output/value_text.hpp"

#include <ctime>
#include <utility>

namespace onewriter::node {

namespace {

std::string what_ran(const dead_letter& x) {
  if (!x.function.empty())
    return x.function + "()";
  if (x.statements.empty())
    return x.is_cut ? "(too large to be listed)" : "";
  auto more = x.statements.size() - 1;
  return x.statements.front().sql
         + (more > 0 ? " ... and " + std::to_string(more) + " more" : "");
}

std::string name_of_parameter(const statement& x, size_t i) {
  return x.names.empty() ? "?" + std::to_string(i + 1) : x.names.at(i);
}

// -- text -----------------------------------------------------------------------

std::string values_text(const std::vector<value>& values) {
  std::string result;
  for (size_t i = 0; i < values.size(); ++i)
    result += "  ?" + std::to_string(i + 1) + " = "
              + printable(value_text(values[i])) + '\n';
  return result;
}

std::string statement_text(const statement& x) {
  auto result = printable(x.sql) + '\n';
  for (size_t i = 0; i < x.parameters.size(); ++i)
    result += "  " + printable(name_of_parameter(x, i)) + " = "
              + printable(value_text(x.parameters[i])) + '\n';
  return result;
}

// -- JSON -----------------------------------------------------------------------

json values_json(const std::vector<value>& values) {
  auto result = json::array();
  for (auto& x : values)
    result.push_back(value_json(x));
  return result;
}

json statement_json(const statement& x) {
  json result{{"sql", x.sql}, {"parameters", values_json(x.parameters)}};
  if (!x.names.empty())
    result["names"] = x.names;
  if (x.expected_changes >= 0)
    result["expected_changes"] = x.expected_changes;
  return result;
}

} // namespace

std::string time_text(int64_t unix_ms) {
  auto when = static_cast<std::time_t>(unix_ms / 1'000);
  std::tm parts{};
  if (::gmtime_r(&when, &parts) == nullptr)
    return std::to_string(unix_ms) + " ms";
  char buf[64];
  auto size = std::strftime(buf, sizeof buf, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(buf, size);
}

std::string letter_table(const std::vector<dead_letter>& letters) {
  if (letters.empty())
    return {};
  constexpr size_t longest = 60;
  using align = text_table::align;
  text_table table{{{"id"},
                    {"last tried", align::left},
                    {"attempts"},
                    {"error", align::left},
                    {"write", align::left}}};
  for (auto& x : letters)
    table.add({std::to_string(x.id), time_text(x.last_unix_ms),
               std::to_string(x.attempts), to_string(x.code),
               shorten(printable(what_ran(x)), longest)});
  std::string result;
  for (auto& line : table.lines())
    result += line.render(false) + '\n';
  return result;
}

std::string letter_text(const dead_letter& x) {
  auto result = "dead letter " + std::to_string(x.id) + ": " + to_string(x.code)
                + ": " + printable(x.error) + '\n';
  result += "first tried " + time_text(x.first_unix_ms) + ", last "
            + time_text(x.last_unix_ms) + ", "
            + format_count(x.attempts, "attempt") + ", priority "
            + to_string(x.priority) + '\n';
  if (!x.idempotency_key.empty())
    result += "idempotency key " + printable(x.idempotency_key) + '\n';
  if (x.is_cut)
    result += "its values are larger than max-result-bytes; they are in the "
              "table onewriter_dead_letter_parameter\n";
  if (!x.function.empty())
    result += printable(x.function) + "()\n" + values_text(x.arguments);
  for (auto& what : x.statements)
    result += statement_text(what);
  return result;
}

json letter_json(const dead_letter& x) {
  json result{
    {"id", x.id},
    {"code", to_string(x.code)},
    {"error", x.error},
    {"attempts", x.attempts},
    {"first_tried", time_text(x.first_unix_ms)},
    {"last_tried", time_text(x.last_unix_ms)},
    {"priority", to_string(x.priority)},
    {"idempotency_key", x.idempotency_key},
    {"is_cut", x.is_cut},
  };
  if (!x.function.empty()) {
    result["function"] = x.function;
    result["arguments"] = values_json(x.arguments);
    return result;
  }
  result["statements"] = json::array();
  for (auto& what : x.statements)
    result["statements"].push_back(statement_json(what));
  return result;
}

} // namespace onewriter::node
