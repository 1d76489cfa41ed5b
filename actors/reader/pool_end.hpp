#pragma once

#include <caf/error.hpp>

#include <cstdint>

namespace onewriter {

/// How a reader pool ends, step by step, whether it was asked to or its readers
/// have failed. Belongs to the pool, which takes the steps; knows no actors.
class pool_end {
public:
  /// What the pool has to do, in this order. `stop_readers` and `hand_over`
  /// come at most once.
  enum class step : uint8_t {
    /// Nothing, until one of its parts has ended.
    wait,
    /// To have its supervisor stop the readers.
    stop_readers,
    /// To tell the database that its readers have failed.
    hand_over,
    /// To terminate.
    quit,
  };

  /// The parts of a pool that have not ended yet.
  struct parts {
    /// Accepted requests that wait or run.
    bool requests = false;
    /// The supervisor of the readers.
    bool supervisor = false;
    bool cursors = false;
  };

  // -- how it begins ------------------------------------------------------------

  /// Ends the pool at the request of another actor. `refusal` is for later
  /// requests, and without `drain` also for those that wait. Where the end has
  /// begun before, it can only stop draining. Returns whether it begins now.
  bool ask(caf::error reason, caf::error refusal, bool drain);

  /// Ends the pool because its readers have failed. Where the end begins with
  /// that, the database has to be told. Returns whether it begins now. Retries
  /// for memory like `insist`.
  bool fail(const caf::error& why);

  /// The database needs to know nothing, or knows everything.
  void end_handover();

  // -- how it goes on -----------------------------------------------------------

  /// Returns what the pool has to do while it has these parts.
  step next(const parts& left);

  bool has_begun() const {
    return phase_ != phase::none;
  }

  /// Whether accepted requests are carried out, once it has begun.
  bool is_draining() const {
    return is_draining_;
  }

  /// Whether the supervisor has been asked to stop the readers.
  bool is_stopping_readers() const {
    return phase_ == phase::stopping_readers;
  }

  /// Why the pool terminates.
  const caf::error& reason() const {
    return reason_;
  }

  /// The error of requests that come or wait.
  const caf::error& refusal() const {
    return refusal_;
  }

private:
  enum class phase : uint8_t { none, requests, stopping_readers, handover };

  phase phase_ = phase::none;
  bool is_draining_ = false;
  bool needs_handover_ = false;
  caf::error reason_;
  caf::error refusal_;
};

} // namespace onewriter
