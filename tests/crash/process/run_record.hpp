#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// The events that a writer process has sent so far, one a line:
///
///     opened                   the database is open
///     receipts N               N receipts have arrived
///     resent N                 a client has sent N rows of earlier runs again
///     pinned                   a reader pins the log
///     burdens N                N large requests have failed, as they had to
///     checkpoint               a checkpoint was asked for
///     indexing                 a document was handed in
///     indexed                  its receipt has come
///     whole                    all of a document can be found, none or all of
///                              it could before
///     kept                     an earlier run had begun it, or done it
///     stopping                 SIGTERM has come
///     stopped DRAINED REFUSED  the close receipt has come
///     trouble TEXT             a violation
struct run_record {
  bool opened = false;
  bool stopping = false;
  bool stopped = false;
  bool drained = false;
  uint64_t refused = 0;
  uint64_t receipts = 0;
  uint64_t resent = 0;
  bool pinned = false;
  uint64_t burdens = 0;
  uint64_t checkpoints = 0;
  uint64_t jobs = 0;
  uint64_t jobs_done = 0;
  uint64_t documents_whole = 0;
  uint64_t documents_kept = 0;
  std::vector<std::string> troubles;

  /// Takes one event, a line without its end.
  void take(const std::string& event);
};

/// Sends events to the driver, from any thread of a writer process.
class announcer {
public:
  explicit announcer(int descriptor) : descriptor_{descriptor} {
    // nop
  }

  /// Sends one event. Ends the process if no process listens.
  void say(const std::string& event) const;

private:
  int descriptor_;
};

} // namespace onewriter::test
