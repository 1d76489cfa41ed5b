#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/value.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

/// A value for the parameter `name`, with its prefix: `named(":id", 5)`.
struct named {
  template <class T>
  named(std::string parameter, T&& x)
    : name{std::move(parameter)},
      content{std::forward<T>(x)} {
    // nop
  }

  std::string name;
  value content;
};

/// One SQL statement with the values of its parameters.
///
/// Positional: `statement{"INSERT INTO t VALUES(?, ?)", 1, "one"}`; by name:
/// `statement{"UPDATE t SET a = :a WHERE id = :id", named(":a", 1),
/// named(":id", 5)}`. Every parameter needs exactly one value, and every value
/// a parameter (`ec::invalid_parameters`); the two kinds do not mix.
struct statement {
  std::string sql;
  /// The values; those of parameters `?1`, `?2`... if `names` is empty.
  std::vector<value> parameters;
  /// Either empty, or one name for each value.
  std::vector<std::string> names;
  /// The number of rows that the statement must change; otherwise the whole
  /// write fails with `ec::unexpected_changes`. Negative: any number.
  int64_t expected_changes = -1;

  statement() = default;

  template <class... Ts>
  explicit statement(std::string text, Ts&&... xs) : sql{std::move(text)} {
    parameters.reserve(sizeof...(Ts));
    (add(std::forward<Ts>(xs)), ...);
  }

  /// Sets `expected_changes`.
  statement&& expect(int64_t changes) && {
    expected_changes = changes;
    return std::move(*this);
  }

  /// Returns the approximate size of the statement in memory.
  size_t bytes() const;

private:
  void add(named x) {
    names.push_back(std::move(x.name));
    parameters.push_back(std::move(x.content));
  }

  template <class T>
  void add(T&& x) {
    parameters.emplace_back(std::forward<T>(x));
  }
};

template <class Inspector>
auto inspect(Inspector& f, statement& x) {
  return compat::inspect_object(
    f, x, compat::field("sql", x.sql),
    compat::field("parameters", x.parameters), compat::field("names", x.names),
    compat::field("expected_changes", x.expected_changes));
}

} // namespace onewriter
