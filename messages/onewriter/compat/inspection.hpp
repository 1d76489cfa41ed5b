// How types are inspected, for CAF 0.17 and 1.x.
#pragma once

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/default_enum_inspect.hpp>
#endif

namespace onewriter::compat {

/// Names one member of an inspected struct.
template <class T>
struct field_ref {
  const char* name;
  T& value;
};

template <class T>
field_ref<T> field(const char* name, T& value) {
  return {name, value};
}

#if CAF_MAJOR_VERSION >= 1

template <class Inspector, class Object, class... Ts>
bool inspect_object(Inspector& f, Object& x, field_ref<Ts>... fields) {
  return f.object(x).fields(f.field(fields.name, fields.value)...);
}

/// Requires `to_string`, `from_string` and `from_integer` next to the enum.
template <class Inspector, class Enum>
bool inspect_enum(Inspector& f, Enum& x) {
  return caf::default_enum_inspect(f, x);
}

/// Sends the bits of a double: CAF packs it by arithmetic, which corrupts
/// subnormal numbers and the payload of a NaN.
template <class Inspector>
bool inspect_exactly(Inspector& f, double& x) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  auto ok = f.apply(bits);
  if constexpr (Inspector::is_loading)
    std::memcpy(&x, &bits, sizeof x);
  return ok;
}

template <class Inspector, class T>
bool inspect_exactly(Inspector& f, T& x) {
  return f.apply(x);
}

/// Inspects `owner`, whose only member is the variant `x`. Every alternative
/// needs a type ID and a default constructor; std::monostate has no ID.
template <class Inspector, class Owner, class... Ts>
bool inspect_variant(Inspector& f, Owner& owner, std::variant<Ts...>& x) {
  if (f.has_human_readable_format())
    return f.object(owner).fields(f.field("value", x));
  auto index = static_cast<uint8_t>(x.index());
  if (!f.apply(index))
    return false;
  if constexpr (Inspector::is_loading) {
    using setter = void (*)(std::variant<Ts...>&);
    constexpr setter setters[] = {[](std::variant<Ts...>& y) {
      y.template emplace<Ts>();
    }...};
    if (index >= sizeof...(Ts)) {
      f.set_error(caf::make_error(caf::sec::invalid_argument,
                                  "a variant has no such alternative"));
      return false;
    }
    setters[index](x);
  }
  return std::visit([&f](auto& y) { return inspect_exactly(f, y); }, x);
}

#else

/// Stands for a double where CAF 0.17 serializes it. By default, CAF packs it
/// by arithmetic, which loses the sign of -0.0, corrupts subnormal numbers, and
/// does not terminate for infinities and NaN.
struct exact_double {
  double& value;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, exact_double& x) {
  if constexpr (std::is_void_v<typename Inspector::result_type>) {
    f(x.value);
  } else {
    uint64_t bits;
    std::memcpy(&bits, &x.value, sizeof bits);
    auto err = f(bits);
    if constexpr (!Inspector::reads_state)
      std::memcpy(&x.value, &bits, sizeof bits);
    return err;
  }
}

template <class T>
T& exact(T& x) {
  return x;
}

inline exact_double exact(double& x) {
  return {x};
}

/// Returns whether `x` is a value of its enum; always true for other types.
template <class T>
bool is_in_range([[maybe_unused]] const T& x) {
  if constexpr (std::is_enum_v<T>) {
    T ignored;
    return from_integer(static_cast<std::underlying_type_t<T>>(x), ignored);
  } else {
    return true;
  }
}

template <class Inspector, class Object, class... Ts>
typename Inspector::result_type
inspect_object(Inspector& f, Object&, field_ref<Ts>... fields) {
  if constexpr (std::is_same_v<typename Inspector::result_type,
                               caf::error> && !Inspector::reads_state) {
    if (auto err = f(exact(fields.value)...))
      return err;
    if (!(is_in_range(fields.value) && ...))
      return caf::sec::invalid_argument;
    return caf::none;
  } else {
    return f(exact(fields.value)...);
  }
}

/// Never viable: CAF 0.17 serializes enums itself and an `inspect` overload
/// would make its own overload ambiguous.
template <class Inspector, class Enum>
std::enable_if_t<!std::is_enum_v<Enum>, bool> inspect_enum(Inspector&, Enum&);

/// Inspects a struct whose only member is the variant `x`: CAF 0.17 knows
/// neither std::variant nor std::optional. Writes the index, then the content.
template <class Inspector, class Owner, class... Ts>
typename Inspector::result_type
inspect_variant(Inspector& f, Owner&, std::variant<Ts...>& x) {
  using result = typename Inspector::result_type;
  auto content = [&]() -> result {
    return std::visit([&f](auto& y) -> result { return f(exact(y)); }, x);
  };
  if constexpr (std::is_void_v<result>) {
    content();
  } else {
    auto index = static_cast<uint8_t>(x.index());
    if (auto err = f(index))
      return err;
    if constexpr (!Inspector::reads_state) {
      if (index >= sizeof...(Ts))
        return caf::sec::invalid_argument;
      using setter = void (*)(std::variant<Ts...>&);
      static constexpr setter setters[] = {[](std::variant<Ts...>& y) {
        y.template emplace<Ts>();
      }...};
      setters[index](x);
    }
    return content();
  }
}

#endif

} // namespace onewriter::compat
