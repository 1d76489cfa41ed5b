#pragma once

#include "actors/core/database_core.hpp"
#include "actors/database/lifecycle/closing_parts.hpp"
#include "actors/database/lifecycle/lifecycle.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace onewriter {

/// The steps of closing a database, in order.
enum class closing_step : uint8_t {
  /// Until a writer has the file open, or has given up, and all others have
  /// started.
  opening,
  index_jobs,
  best_effort,
  readers,
  /// Until the writer has closed the file; one that fails is restarted first.
  writer,
  supervisor,
};

/// Closes a database: one step after the other, so that each part is still
/// there for those before it. At the limit what is left is refused instead of
/// carried out, and what runs is stopped. Knows who asked for it, and makes the
/// receipt. Belongs to the database actor.
class closing_sequence {
public:
  using clock = closing_parts::clock;
  using promise = caf::typed_response_promise<close_receipt>;

  /// Tests pass a clock of their own.
  closing_sequence(lifecycle& life, closing_parts& parts,
                   std::function<clock::time_point()> now = clock::now)
    : life_{life},
      parts_{parts},
      now_{std::move(now)} {
    // nop
  }

  closing_sequence(const closing_sequence&) = delete;

  closing_sequence& operator=(const closing_sequence&) = delete;

  // -- requests --------------------------------------------------------------

  /// Keeps `reply` until `finish` or `fail`.
  void add_reply(promise reply);

  /// Begins to close. `limit` is when draining ends.
  void start(bool drain, clock::time_point limit);

  /// Another request to close, while it closes: the earlier limit holds.
  void shorten(bool drain, clock::time_point limit);

  // -- events ----------------------------------------------------------------

  /// A writer has the file open.
  void file_opened();

  /// A part has started.
  void part_started();

  /// Best-effort messages are not in flight any more.
  void best_effort_settled();

  /// The writer has closed the file.
  void file_closed(const writer_closed& what);

  /// Cuts the rest short once the limit has passed. Called regularly.
  void hurry();

  // -- the end ---------------------------------------------------------------

  /// Completes the receipt and sends it to all who asked. Called when the
  /// supervisor has ended.
  void finish(statistics final_statistics);

  /// Sends `reason` to all who asked.
  void fail(const caf::error& reason);

  /// Adds requests that were refused because of the closing.
  void count_refused(uint64_t requests) {
    receipt_.refused += requests;
  }

  const close_receipt& receipt() const {
    return receipt_;
  }

  /// The current step; only where the database is being closed.
  closing_step step() const {
    return step_;
  }

  /// Whether the database is being closed, and refuses what is left.
  bool refuses_rest() const {
    return life_.is_closing() && !drains();
  }

  /// Whether the writer was told to refuse what is left: it may end before it
  /// reads more.
  bool writer_refuses_rest() const {
    return life_.is_closing() && step_ == closing_step::writer
           && life_.is_open() && !drains();
  }

private:
  bool drains() const {
    return drain_ && now_() < limit_;
  }

  void run_from(closing_step first);

  bool begin(closing_step what);

  bool begin_opening();

  bool begin_index_jobs();

  bool begin_readers();

  void begin_writer();

  void ended(closing_step what);

  void close_without_writer();

  void stop_children(const writer_closed& what);

  lifecycle& life_;
  closing_parts& parts_;
  std::function<clock::time_point()> now_;
  closing_step step_ = closing_step::opening;
  bool drain_ = true;
  clock::time_point limit_;
  bool hurried_ = false;
  close_receipt receipt_;
  std::vector<promise> replies_;
};

} // namespace onewriter
