#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <hiredis/hiredis.h>

namespace onewriter::bench {

struct redis_closer {
  void operator()(redisContext* connection) const noexcept {
    redisFree(connection);
  }

  void operator()(redisReply* reply) const noexcept {
    freeReplyObject(reply);
  }
};

using redis_reply = std::unique_ptr<redisReply, redis_closer>;

/// The words of a command, which need to last until it is appended.
using redis_command = std::vector<std::string_view>;

/// A connection to a Redis server, for one thread at a time. What fails, also
/// an error as reply, throws `std::runtime_error`.
class redis_connection {
public:
  explicit redis_connection(const std::string& socket);

  /// Adds a command to those that wait to be sent.
  void append(const redis_command& command);

  /// Sends what waits.
  void flush();

  /// Returns the reply to the oldest command without one; sends what waits if
  /// it is not there yet.
  redis_reply next();

  /// Sends one command and returns its reply. There must be no pending ones.
  redis_reply ask(const redis_command& command) {
    append(command);
    return next();
  }

private:
  [[noreturn]] void fail() const;

  std::unique_ptr<redisContext, redis_closer> connection_;
  std::vector<const char*> words_;
  std::vector<size_t> sizes_;
};

} // namespace onewriter::bench
