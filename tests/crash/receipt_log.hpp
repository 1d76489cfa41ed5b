#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// What a client notes about one of its rows.
enum class note_kind : char {
  /// The row is about to be sent.
  sent = 'S',
  /// Its receipt has arrived; `detail` is the number of the commit.
  receipt = 'R',
  /// It was refused; `detail` is the error's code.
  refusal = 'E',
};

struct note {
  note_kind kind = note_kind::sent;
  uint64_t number = 0;
  uint64_t detail = 0;
};

/// A client's record of its requests and replies. A note is in the kernel's
/// hands when `add` returns, so no end of the process loses it.
class receipt_log {
public:
  /// Opens a log for notes behind those it has. Throws where that fails.
  explicit receipt_log(const std::string& path);

  receipt_log(const receipt_log&) = delete;

  receipt_log& operator=(const receipt_log&) = delete;

  ~receipt_log();

  void add(const note& what);

  /// Returns the notes of a log, none where there is no such file. Throws where
  /// it holds anything else.
  static std::vector<note> read(const std::string& path);

private:
  int file_;
};

/// Where client `client` keeps its log.
std::string receipt_log_path(const std::string& folder, uint32_t client);

} // namespace onewriter::test
