// Error codes, for CAF 0.17 and 1.x.
#pragma once

#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <optional>
#include <string>

/// Makes `enum_type` an error category. Expand at global scope. `text` is the
/// category name on 0.17: at most ten characters.
#if CAF_MAJOR_VERSION >= 1
#  define ONEWRITER_ERROR_CODE_ENUM(enum_type, text)                           \
    CAF_ERROR_CODE_ENUM(enum_type)
#else
#  define ONEWRITER_ERROR_CODE_ENUM(enum_type, text)                           \
    CAF_ERROR_CODE_ENUM(enum_type, text)
#endif

/// Compares errors with codes of `enum_type`, which `code_of` finds, without
/// allocating: CAF 0.17 would make an error out of the code. Declared in the
/// enum's namespace, defined where it is an error category.
#if CAF_MAJOR_VERSION >= 1
#  define ONEWRITER_COMPAT_DECLARE_COMPARISON(enum_type)
#  define ONEWRITER_COMPAT_DEFINE_COMPARISON(enum_type)
#else
#  define ONEWRITER_COMPAT_DECLARE_COMPARISON(enum_type)                       \
    bool operator==(const caf::error& x, enum_type y);                         \
    bool operator!=(const caf::error& x, enum_type y);
#  define ONEWRITER_COMPAT_DEFINE_COMPARISON(enum_type)                        \
    bool operator==(const caf::error& x, enum_type y) {                        \
      return y == enum_type{} ? !x : compat::code_of<enum_type>(x) == y;       \
    }                                                                          \
    bool operator!=(const caf::error& x, enum_type y) {                        \
      return !(x == y);                                                        \
    }
#endif

namespace onewriter::compat {

/// Whether CAF itself answers a request whose promise was destroyed.
inline constexpr bool answers_broken_promises = CAF_MAJOR_VERSION >= 1;

/// Returns the code of `err` if it is an `Enum`.
template <class Enum>
std::optional<Enum> code_of(const caf::error& err) {
#if CAF_MAJOR_VERSION >= 1
  if (err && err.category() == caf::type_id_v<Enum>)
#else
  if (err && err.category() == caf::detail::error_factory<Enum>::category)
#endif
    return static_cast<Enum>(err.code());
  return std::nullopt;
}

/// Returns the context of `err` if it consists of one `T`.
template <class T>
const T* context_of(const caf::error& err) {
  if (!err || !err.context().match_elements<T>())
    return nullptr;
  return &err.context().get_as<T>(0);
}

/// Returns whether `err` means that the receiver of a request terminated.
inline bool is_receiver_gone(const caf::error& err) {
#if CAF_MAJOR_VERSION >= 1
  if (err == caf::sec::broken_promise)
    return true;
#endif
  return err == caf::sec::request_receiver_down;
}

} // namespace onewriter::compat
