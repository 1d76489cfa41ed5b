// Selects the source in which the code for the content of a message is
// compiled.
#pragma once

#include <caf/all.hpp>

// CAF 0.17 instantiates classes for the content of messages from each type that
// is sent: some 8 KB of code in each source that sends it, and a sixth of the
// compile time. A type that is declared here has them only where it is defined.
// CAF 1.x has one table of functions for each type instead.
#if CAF_MAJOR_VERSION >= 1
#  define ONEWRITER_COMPAT_DECLARE_CONTENT(name)
#  define ONEWRITER_COMPAT_DEFINE_CONTENT(name)
#else
#  define ONEWRITER_COMPAT_CONTENT(prefix, name)                               \
    prefix template class ::caf::detail::tuple_vals_impl<                      \
      ::caf::detail::message_data, name>;                                      \
    prefix template class ::caf::detail::tuple_vals_impl<                      \
      ::caf::type_erased_tuple, name>;                                         \
    prefix template class ::caf::detail::tuple_vals<name>;                     \
    prefix template class ::caf::detail::type_erased_value_impl<name>;
#  define ONEWRITER_COMPAT_DECLARE_CONTENT(name)                               \
    ONEWRITER_COMPAT_CONTENT(extern, name)
#  define ONEWRITER_COMPAT_DEFINE_CONTENT(name) ONEWRITER_COMPAT_CONTENT(, name)

ONEWRITER_COMPAT_DECLARE_CONTENT(::caf::error)
#endif
