#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/value.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace onewriter {

/// Thrown by `row::get` and `row::as` if a cell does not hold the requested
/// type: a programming error, like an index out of range.
class bad_cell : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

namespace detail {

[[noreturn]] void throw_bad_cell(const value& x, size_t column,
                                 const char* wanted);

int64_t read_integer(const value& x, size_t column, int64_t min, int64_t max);

bool read_bool(const value& x, size_t column);

double read_double(const value& x, size_t column);

const std::string& read_text(const value& x, size_t column);

const blob& read_blob(const value& x, size_t column);

template <class T>
struct is_optional : std::false_type {};

template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
T read_cell(const value& x, size_t column) {
  if constexpr (is_optional<T>::value) {
    if (x.is_null())
      return std::nullopt;
    return read_cell<typename T::value_type>(x, column);
  } else if constexpr (std::is_same_v<T, value>) {
    return x;
  } else if constexpr (std::is_same_v<T, bool>) {
    return read_bool(x, column);
  } else if constexpr (std::is_integral_v<T>) {
    constexpr auto min = std::is_signed_v<T>
                           ? static_cast<int64_t>(std::numeric_limits<T>::min())
                           : int64_t{0};
    constexpr auto max = sizeof(T) < sizeof(int64_t) || std::is_signed_v<T>
                           ? static_cast<int64_t>(std::numeric_limits<T>::max())
                           : std::numeric_limits<int64_t>::max();
    return static_cast<T>(read_integer(x, column, min, max));
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(read_double(x, column));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return read_text(x, column);
  } else {
    static_assert(
      std::is_same_v<T, blob>,
      "a cell is read as bool, an integer, a floating point number, "
      "std::string, blob, value, or std::optional of one of them");
    return read_blob(x, column);
  }
}

} // namespace detail

/// One row of a result.
struct row {
  std::vector<value> cells;

  /// Returns the cell at `column`, from 0, as a `T`: `bool`, any integer type
  /// (checked for its range), `double` (from an integer too), `std::string`,
  /// `blob`, `value`, or `std::optional` of one of them, which is empty for
  /// NULL. Throws `bad_cell` if the cell holds something else.
  template <class T>
  T get(size_t column) const {
    if (column >= cells.size())
      throw bad_cell{"no column " + std::to_string(column) + ": the row has "
                     + std::to_string(cells.size())};
    return detail::read_cell<T>(cells[column], column);
  }

  /// Returns the first columns as a tuple: `auto [id, name] = row.as<int64_t,
  /// std::string>()`.
  template <class... Ts>
  std::tuple<Ts...> as() const {
    return read<std::tuple<Ts...>, Ts...>(std::index_sequence_for<Ts...>{});
  }

  /// Returns an aggregate whose members are the first columns:
  /// `row.into<peer, int64_t, std::string>()` is `peer{id, name}`.
  template <class Struct, class... Ts>
  Struct into() const {
    return read<Struct, Ts...>(std::index_sequence_for<Ts...>{});
  }

private:
  template <class Result, class... Ts, size_t... Is>
  Result read(std::index_sequence<Is...>) const {
    return Result{get<Ts>(Is)...};
  }
};

inline bool operator==(const row& x, const row& y) {
  return x.cells == y.cells;
}

template <class Inspector>
auto inspect(Inspector& f, row& x) {
  return compat::inspect_object(f, x, compat::field("cells", x.cells));
}

/// Renders the cells as SQL literals, separated by `|`.
std::string to_string(const row& x);

} // namespace onewriter
