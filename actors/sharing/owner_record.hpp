#pragma once

#include "actors/core/session_position.hpp"
#include "onewriter/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace onewriter {

/// What the process that owns a database publishes for others: where it can be
/// reached, and the secret that admits them. The content of the lock file
/// `<path>-owner`, which only the owner's user can read.
struct owner_record {
  int64_t process_id = 0;
  /// Where the owner listens.
  std::string host;
  uint16_t port = 0;
  /// When the owner opened the file, in ms since 1970.
  int64_t started_unix_ms = 0;
  /// The version of the messages with which processes join.
  uint32_t protocol = 0;
  /// The generation of CAF, which decides about the format on the wire.
  std::string caf;
  /// 64 hexadecimal digits.
  std::string secret;
};

/// Returns the record as lines of text. The first is the process id; the last
/// marks the end, so that a record that is being written is not taken.
std::string to_text(const owner_record& what);

/// Returns the record in `text`; nothing if it is not complete.
std::optional<owner_record> parse_owner_record(const std::string& text);

/// Returns what the owner of the database at `path` has published; nothing if
/// there is no owner or it has not published anything. Errors:
/// `ec::cannot_open`, `ec::read_only` where the file belongs to another user.
caf::expected<std::optional<owner_record>>
read_owner_record(const std::string& path);

/// Writes `what` into the lock file of the database at `path`, which this
/// process owns. Errors: `ec::busy` if another process owns it,
/// `ec::cannot_open`, `ec::io_error`.
[[nodiscard]] caf::error publish_owner_record(const std::string& path,
                                              const owner_record& what);

/// Returns the name of a new session, 16 random bytes. Error: `ec::io_error`.
caf::expected<session_name> make_session_name();

/// Returns a new secret from the operating system's random numbers. Error:
/// `ec::io_error`.
caf::expected<std::string> make_secret();

} // namespace onewriter
