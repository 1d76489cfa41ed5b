#pragma once

#include <cstdint>
#include <string>

namespace onewriter::test {

/// What the driver wants a writer process to do; travels as options on its
/// command line.
struct writer_orders {
  /// Where the database, the logs of the clients and the documents are.
  std::string folder;
  /// Whether rows have idempotency keys, or positions in a session, and what
  /// was not answered in an earlier run is sent again.
  bool keyed = false;
  /// Whether to end after all that is left to do, instead of writing on.
  bool last = false;
  /// Whether to checkpoint all the time.
  bool checkpoints = false;
  /// Whether every resource is tiny, and requests fail that need more.
  bool tiny = false;
  /// Whether a reader keeps the log from being restarted.
  bool pinned = false;
  /// A document in the folder that is to be indexed; may be empty.
  std::string document;
  /// Requests of each client that are on their way at the same time.
  uint32_t outstanding = 4;
  /// How long to drain after SIGTERM.
  uint32_t limit_ms = 10'000;
  /// Descriptor that the driver reads events from.
  int32_t events = -1;
  /// The driver; the process does not outlive it.
  int32_t parent = 0;
};

} // namespace onewriter::test
