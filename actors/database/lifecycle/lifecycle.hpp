#pragma once

#include "onewriter/failure.hpp"

#include <cstdint>
#include <string>

namespace onewriter {

/// How far a database is from being able to write.
enum class phase : uint8_t {
  /// No writer has had the file open yet.
  opening,
  /// A writer has the file open.
  open,
  /// The writer has failed, and the next one does not have the file open yet.
  restarting,
  /// The file is closed, or is not opened any more.
  closed,
  /// The database gave up.
  failed,
};

/// Returns `ec::closed`, for requests after the beginning of the end.
caf::error closed_error();

/// The phase of a database, which changes as this table says, and whether it is
/// being closed:
///
/// | from       | to                         |
/// |------------|----------------------------|
/// | opening    | open, closed, failed       |
/// | open       | restarting, closed, failed |
/// | restarting | open, closed, failed       |
/// | closed     |                            |
/// | failed     |                            |
///
/// A database is being closed from the request for it, in any phase but the
/// last two, until the file is closed and its actors have ended, or until it
/// fails. Belongs to the database actor.
class lifecycle {
public:
  phase now() const {
    return phase_;
  }

  bool is_open() const {
    return phase_ == phase::open;
  }

  /// Whether connections can read: they do not need the writer, which may be
  /// down for a long time on a full disk, and see what was committed.
  bool can_read() const {
    return phase_ == phase::open || phase_ == phase::restarting;
  }

  /// Whether the phase is final.
  bool is_over() const {
    return phase_ == phase::closed || phase_ == phase::failed;
  }

  bool is_closing() const {
    return is_closing_;
  }

  /// Changes the phase if the table allows it, and returns whether it does.
  bool change_to(phase next);

  /// Changes the phase to `failed` because of `reason`, likewise. A database
  /// that fails is not being closed any more.
  bool fail(caf::error reason);

  /// Returns why the phase is `failed`; none in all other phases.
  const caf::error& reason() const {
    return reason_;
  }

  void begin_closing() {
    is_closing_ = true;
  }

  void end_closing() {
    is_closing_ = false;
  }

  /// Returns why the database accepts no request; none if it does.
  caf::error unavailability() const;

  /// Returns the state for `statistics`: "closing" or the phase.
  std::string text() const;

private:
  phase phase_ = phase::opening;
  bool is_closing_ = false;
  caf::error reason_;
};

} // namespace onewriter
