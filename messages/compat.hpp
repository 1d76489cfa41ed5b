// The only file that knows which CAF it is compiled against (0.17.6 or 1.x).
//
// Everything else in the project spells messaging through `onewriter::compat`
// and never tests a CAF version. Branch on CAF_MAJOR_VERSION, never on
// CAF_VERSION: CAF 1.0.0 to 1.1.0 define the latter as an octal literal (1.1.0
// is `0100`).
#pragma once

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#if CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION != 17
#  error "onewriter supports CAF 0.17 and CAF 1.x"
#endif

#if CAF_MAJOR_VERSION >= 1
#  include <caf/anon_mail.hpp>
#  include <caf/default_enum_inspect.hpp>
#  include <caf/init_global_meta_objects.hpp>
#endif

// -- code for messages ----------------------------------------------------------

// CAF 0.17 makes classes for the content of messages from each type that is
// sent, some 8 KB of code in each source that sends it: a sixth of the time
// that compiling takes. A type that is declared so has them where it is
// defined, and nowhere else. CAF 1.x has one table of functions for each type
// instead.
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

// -- typed interfaces ---------------------------------------------------------

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

// -- inspection ---------------------------------------------------------------

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

/// Sends the bits of a double: CAF packs it by arithmetic, which spoils
/// subnormal numbers and what a NaN carries.
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

/// Stands for a double where CAF 0.17 serializes it. Left alone, CAF packs it
/// by arithmetic, which loses the sign of -0.0, spoils subnormal numbers, and
/// does not end for infinities and NaN.
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

/// Whether `x` is a value of its enum; other types have no such limits.
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

// -- errors -------------------------------------------------------------------

/// Makes `enum_type` an error category. Expand at global scope. `text` is the
/// category name on 0.17: at most ten characters.
#if CAF_MAJOR_VERSION >= 1
#  define ONEWRITER_ERROR_CODE_ENUM(enum_type, text)                           \
    CAF_ERROR_CODE_ENUM(enum_type)
#else
#  define ONEWRITER_ERROR_CODE_ENUM(enum_type, text)                           \
    CAF_ERROR_CODE_ENUM(enum_type, text)
#endif

namespace onewriter::compat {

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

/// Whether `err` says that the receiver of a request terminated.
inline bool is_receiver_gone(const caf::error& err) {
#if CAF_MAJOR_VERSION >= 1
  if (err == caf::sec::broken_promise)
    return true;
#endif
  return err == caf::sec::request_receiver_down;
}

inline std::string render([[maybe_unused]] const caf::actor_system& sys,
                          const caf::error& err) {
#if CAF_MAJOR_VERSION >= 1
  return to_string(err);
#else
  return err ? sys.render(err) : "none";
#endif
}

} // namespace onewriter::compat

// -- set-up -------------------------------------------------------------------

namespace onewriter::compat {

#if CAF_MAJOR_VERSION >= 1

/// Makes the message types of `Blocks` known to CAF. Has to be a base class
/// before, or be constructed before, every `caf::actor_system_config`.
template <class... Blocks>
struct type_registrar {
  type_registrar() {
    caf::core::init_global_meta_objects();
    (caf::init_global_meta_objects<Blocks>(), ...);
  }
};

/// Makes the message types of `Blocks` and the error category `Error` known to
/// a configuration, from its constructor.
template <class Error, class... Blocks>
void register_types(caf::actor_system_config&) {
  type_registrar<Blocks...>{};
}

/// Prefix of the keys of CAF's own options.
#  define ONEWRITER_CAF_KEY(name) "caf." name

#else

/// CAF 0.17 registers types per configuration: see `register_types`.
template <class... Blocks>
struct type_registrar {};

/// Makes the message types of `Blocks` and the error category `Error` known to
/// a configuration, from its constructor.
template <class Error, class... Blocks>
void register_types(caf::actor_system_config& cfg) {
  (cfg.add_message_types<Blocks>(), ...);
  // The one-argument overload of add_error_category does not compile in 0.17.
  cfg.add_error_category(
    caf::detail::error_factory<Error>::category,
    [](uint8_t code, caf::atom_value, const caf::message& x) {
      auto text = to_string(static_cast<Error>(code));
      return x.empty() ? text : text + to_string(x);
    });
}

/// Prefix of the keys of CAF's own options.
#  define ONEWRITER_CAF_KEY(name) name

#endif

/// What the command line has beside options, once `cfg` has parsed it.
inline std::vector<std::string>
command_line_rest(const caf::actor_system_config& cfg) {
#if CAF_MAJOR_VERSION >= 1
  auto rest = cfg.remainder();
  return {rest.begin(), rest.end()};
#else
  return cfg.remainder;
#endif
}

/// Configuration key for the number of scheduler threads.
inline constexpr char max_threads_key[]
  = ONEWRITER_CAF_KEY("scheduler.max-threads");

/// Returns what is wrong with the scheduler's options, for people; empty where
/// nothing is. Without a thread, a CAF 0.17 system would wait for ever.
inline std::string scheduler_problem(const caf::actor_system_config& cfg) {
  if (caf::get_or(cfg, max_threads_key, size_t{1}) > 0)
    return {};
  return std::string{max_threads_key} + ": must be 1 or more";
}

/// Gives the scheduler as many threads as there are processors, at least two,
/// and one queue for all of them, where an idle one sleeps until there is work.
/// By itself CAF starts four where there are two, each with a queue of its own,
/// and an idle one sleeps for up to 10 ms between two looks at the others'. For
/// programs whose actor system is their own.
inline void set_up_scheduler(caf::actor_system_config& cfg) {
  auto processors = std::thread::hardware_concurrency();
  cfg.set(max_threads_key, std::max<size_t>(processors, 2));
#if CAF_MAJOR_VERSION >= 1
  cfg.set("caf.scheduler.policy", "sharing");
#else
  cfg.set("scheduler.policy", caf::atom("sharing"));
#endif
}

} // namespace onewriter::compat

// -- serialization ------------------------------------------------------------

namespace onewriter::compat {

#if CAF_MAJOR_VERSION >= 1

using byte_buffer = caf::byte_buffer;

template <class T>
caf::error serialize(caf::actor_system& sys, const T& x, byte_buffer& out) {
  caf::binary_serializer sink{sys, out};
  return sink.apply(x) ? caf::error{} : sink.get_error();
}

template <class T>
caf::error deserialize(caf::actor_system& sys, const byte_buffer& in, T& x) {
  caf::binary_deserializer source{sys, in};
  return source.apply(x) ? caf::error{} : source.get_error();
}

#else

using byte_buffer = std::vector<char>;

template <class T>
caf::error serialize(caf::actor_system& sys, const T& x, byte_buffer& out) {
  caf::binary_serializer sink{sys, out};
  return sink(x);
}

template <class T>
caf::error deserialize(caf::actor_system& sys, const byte_buffer& in, T& x) {
  caf::binary_deserializer source{sys, in};
  return source(x);
}

#endif

} // namespace onewriter::compat

// -- messaging ----------------------------------------------------------------

namespace onewriter::compat {

/// Returns the state of the stateful actor `self`.
template <class Self>
auto& state(Self* self) {
#if CAF_MAJOR_VERSION >= 1
  return self->state();
#else
  return self->state;
#endif
}

/// Sends `xs...` to `dst`. `Self` is an actor pointer or a scoped_actor.
template <class Self, class Handle, class... Ts>
void send(Self& self, const Handle& dst, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Ts>(xs)...).send(dst);
#else
  self->send(dst, std::forward<Ts>(xs)...);
#endif
}

/// Sends `x` to `dst`, and nothing else than memory can be missing: where it
/// throws, `x` is as it was.
template <class Self, class Handle, class T>
void send_or_keep(Self& self, const Handle& dst, T& x) {
#if CAF_MAJOR_VERSION >= 1
  auto content = caf::make_message(std::move(x));
  try {
    auto element = caf::make_mailbox_element(
      caf::strong_actor_ptr{self->ctrl()}, caf::make_message_id(), content);
    caf::actor_cast<caf::abstract_actor*>(dst)->enqueue(std::move(element),
                                                        self->context());
  } catch (const std::bad_alloc&) {
    x = std::move(content.template get_mutable_as<T>(0));
    throw;
  }
#else
  // It has the memory before it moves.
  self->send(dst, std::move(x));
#endif
}

/// Sends `xs...` to `dst` once `delay` has passed.
template <class Self, class Handle, class Delay, class... Ts>
void delayed_send(Self& self, const Handle& dst, Delay delay, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Ts>(xs)...).delay(delay).send(dst);
#else
  self->delayed_send(dst, delay, std::forward<Ts>(xs)...);
#endif
}

/// Sends `xs...` to `dst` without a sender, from any thread.
template <class Handle, class... Ts>
void anon_send(const Handle& dst, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  caf::anon_mail(std::forward<Ts>(xs)...).send(dst);
#else
  caf::anon_send(dst, std::forward<Ts>(xs)...);
#endif
}

/// Returns a response handle: `.then(f, g)` in actors, `.receive(f, g)` in
/// scoped actors.
template <class Self, class Handle, class Timeout, class... Ts>
auto request(Self& self, const Handle& dst, Timeout timeout, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).request(dst, timeout);
#else
  return self->request(dst, timeout, std::forward<Ts>(xs)...);
#endif
}

/// Hands the current request over to `dst`, which then owns the reply.
template <class Self, class Handle, class... Ts>
auto delegate(Self& self, const Handle& dst, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).delegate(dst);
#else
  return self->delegate(dst, std::forward<Ts>(xs)...);
#endif
}

/// Whether the sender of the current message of `self` waits for a reply.
template <class Self>
bool is_request(Self* self) {
  auto element = self->current_mailbox_element();
  return element != nullptr && element->mid.is_request();
}

/// Who waits for a reply to a request, and what CAF knows the request by.
struct request_origin {
  caf::strong_actor_ptr source;
  caf::message_id id;
#if CAF_MAJOR_VERSION < 1
  /// Actors that the reply has to pass on its way, for composed actors.
  std::vector<caf::strong_actor_ptr> stages;
#endif
};

/// Takes the duty to reply to the current message of `self` from CAF; empty
/// where nobody waits. The handler has to return `caf::delegated`.
template <class Self>
request_origin take_request(Self* self) {
  request_origin result;
  auto element = self->current_mailbox_element();
  if (element == nullptr || !element->mid.is_request()
      || element->mid.is_answered())
    return result;
  result.source = std::move(element->sender);
  result.id = element->mid;
#if CAF_MAJOR_VERSION < 1
  result.stages = std::move(element->stages);
#endif
  element->mid.mark_as_answered();
  return result;
}

/// Returns who waits for a reply to the current message of `self`, without
/// taking the duty to reply from CAF; empty where the sender does not wait.
template <class Self>
request_origin origin_of(Self* self) {
  request_origin result;
  if (!is_request(self))
    return result;
  auto element = self->current_mailbox_element();
  result.source = element->sender;
  result.id = element->mid;
#if CAF_MAJOR_VERSION < 1
  result.stages = element->stages;
#endif
  return result;
}

/// Sends the reply `x` from any thread. `where` is the actor that runs on this
/// thread, or null. The reply has no sender: nobody looks at it, and counting
/// the references to a busy actor costs its neighbours on other processors.
template <class T>
void respond(request_origin to, T&& x, caf::local_actor* where) {
  auto context = where != nullptr ? where->context() : nullptr;
#if CAF_MAJOR_VERSION >= 1
  to.source->enqueue(
    caf::make_mailbox_element(nullptr, to.id.response_id(), std::forward<T>(x)),
    context);
#else
  if (to.stages.empty()) {
    to.source->enqueue(caf::make_mailbox_element(nullptr, to.id.response_id(),
                                                 {}, std::forward<T>(x)),
                       context);
    return;
  }
  auto next = std::move(to.stages.back());
  to.stages.pop_back();
  next->enqueue(caf::make_mailbox_element(std::move(to.source), to.id,
                                          std::move(to.stages),
                                          std::forward<T>(x)),
                context);
#endif
}

/// Returns a promise for the reply to the current message of `self`, which may
/// be `void`.
template <class Reply, class Self>
auto make_promise(Self* self) {
#if CAF_MAJOR_VERSION >= 1
  return self->template make_response_promise<Reply>();
#else
  using type = std::conditional_t<std::is_void_v<Reply>, caf::unit_t, Reply>;
  return self->template make_response_promise<type>();
#endif
}

/// Returns who waits for `promise`, or nothing.
template <class... Ts>
caf::strong_actor_ptr source_of(caf::typed_response_promise<Ts...>& promise) {
#if CAF_MAJOR_VERSION >= 1
  return promise.source();
#else
  return static_cast<caf::response_promise&>(promise).source();
#endif
}

/// Calls `on_down(address, reason)` on `self` when `whom` terminates. An actor
/// must pass the same function to all of its calls: 0.17 keeps only the last.
template <class Self, class Handle, class F>
void watch(Self* self, const Handle& whom, F on_down) {
#if CAF_MAJOR_VERSION >= 1
  self->monitor(whom, [on_down, addr = whom.address()](
                        const caf::error& reason) { on_down(addr, reason); });
#else
  self->set_down_handler([on_down](const caf::down_msg& msg) { //
    on_down(msg.source, msg.reason);
  });
  self->monitor(whom);
#endif
}

/// Calls `f(msg)` on `self` for every `caf::exit_msg` but those that say
/// `caf::exit_reason::kill`, which end an actor whatever it thinks of them.
template <class Self, class F>
void on_exit_message(Self* self, F f) {
#if CAF_MAJOR_VERSION >= 1
  // Deprecated in favor of a handler in the behavior, which 0.17 never calls.
#  if defined(__GNUC__)
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#  endif
#endif
  self->set_exit_handler([f](caf::exit_msg& msg) { f(msg); });
#if CAF_MAJOR_VERSION >= 1 && defined(__GNUC__)
#  pragma GCC diagnostic pop
#endif
}

/// Keeps the promise of a reply without content.
inline void acknowledge(caf::typed_response_promise<void>& promise) {
#if CAF_MAJOR_VERSION >= 1
  promise.deliver();
#else
  // Would send an empty message to whoever did not ask for a reply.
  caf::response_promise& untyped = promise;
  if (!untyped.async())
    untyped.deliver(caf::unit);
#endif
}

/// Whether parsing the command line of `cfg` has printed the help text, after
/// which a program has nothing else to do.
inline bool has_printed_help(const caf::actor_system_config& cfg) {
#if CAF_MAJOR_VERSION >= 1
  return cfg.helptext_printed();
#else
  return cfg.cli_helptext_printed;
#endif
}

} // namespace onewriter::compat
