#pragma once

namespace onewriter::test {

/// What makes a trial harder.
struct strain {
  /// Whether every resource is tiny, and requests fail that need more.
  bool tiny = false;
  /// Whether a reader of another program keeps the log from being restarted
  /// for as long as something goes wrong.
  bool pinned = false;
};

} // namespace onewriter::test
