#pragma once

#include "onewriter/failure.hpp"

#include <string>
#include <utility>

namespace onewriter::node {

/// What the program ends with.
struct exit_status {
  static constexpr int success = 0;
  /// A check failed, or the demo could not run.
  static constexpr int failure = 1;
  static constexpr int bad_arguments = 2;
  /// Another process owns the file or keeps it locked.
  static constexpr int busy = 3;
  /// A second Ctrl-C.
  static constexpr int interrupted = 130;
};

/// Thrown if the demo cannot go on. Actors never throw or catch it.
struct run_failure {
  int status = exit_status::failure;
  /// For people.
  std::string text;
};

/// Returns what `x` holds. Throws a `run_failure` that begins with `what` where
/// it holds an error.
template <class T>
T value_or_fail(caf::expected<T> x, const std::string& what) {
  if (x)
    return std::move(*x);
  throw run_failure{exit_status::failure, what + ": " + describe(x.error())};
}

/// The same for what was asked for on the command line: where that is wrong,
/// the arguments are bad.
template <class T>
T asked_or_fail(caf::expected<T> x) {
  if (x)
    return std::move(*x);
  auto bad = code_of(x.error()) == ec::invalid_argument;
  throw run_failure{bad ? exit_status::bad_arguments : exit_status::failure,
                    failure_of(x.error()).message};
}

} // namespace onewriter::node
