// Interfaces of actors, and their handles, for CAF 0.17 and 1.x.
//
// Only the headers in this folder, and those in messages/compat/, know which
// CAF they are compiled against. They branch on CAF_MAJOR_VERSION, never on
// CAF_VERSION: CAF 1.0.0 to 1.1.0 define the latter as an octal literal (1.1.0
// is `0100`).
#pragma once

#include <caf/typed_actor.hpp>

#if CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION != 17
#  error "onewriter supports CAF 0.17 and CAF 1.x"
#endif

namespace onewriter::compat {

#if CAF_MAJOR_VERSION >= 1

template <class... Signatures>
using type_list = caf::type_list<Signatures...>;

/// Handle of an actor that implements `Trait::signatures`.
template <class Trait>
using handle = caf::typed_actor<Trait>;

#else

template <class... Signatures>
using type_list = caf::detail::type_list<Signatures...>;

template <class Signature>
struct to_mpi;

template <class... Out, class... In>
struct to_mpi<caf::result<Out...>(In...)> {
  using type = caf::typed_mpi<type_list<In...>, caf::output_tuple<Out...>>;
};

template <class Signatures>
struct to_typed_actor;

template <class... Signatures>
struct to_typed_actor<type_list<Signatures...>> {
  using type = caf::typed_actor<typename to_mpi<Signatures>::type...>;
};

/// Handle of an actor that implements `Trait::signatures`.
template <class Trait>
using handle = typename to_typed_actor<typename Trait::signatures>::type;

#endif

template <class... Lists>
struct join_lists;

template <class... Xs, class... Ys>
struct join_lists<type_list<Xs...>, type_list<Ys...>> {
  using type = type_list<Xs..., Ys...>;
};

/// The signatures of two interfaces that one actor implements.
template <class Trait1, class Trait2>
struct joined_trait {
  using signatures = typename join_lists<typename Trait1::signatures,
                                         typename Trait2::signatures>::type;
};

} // namespace onewriter::compat
