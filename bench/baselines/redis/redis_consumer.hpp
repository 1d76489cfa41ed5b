#pragma once

#include "bench/baselines/redis/redis_connection.hpp"
#include "bench/file/items.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace onewriter::bench {

/// The stream that clients add their writes to: one entry per write, with the
/// fields `client`, `number` (of the first row), and one `payload` per row.
inline constexpr const char* redis_stream = "items";

/// The consumer group that reads it.
inline constexpr const char* redis_group = "writers";

/// Where entries end up that cannot be written.
inline constexpr const char* redis_dead_letters = "items:dead";

/// Creates the stream and its group.
void create_redis_stream(const std::string& socket);

/// Moves entries from the stream to the file: reads up to 100, writes them in
/// one transaction, tells the waiting threads, and takes them off the stream.
/// If the transaction fails, each entry is tried twice more, alone, and then
/// moved to the dead letters. Unacknowledged entries of another run come first.
class redis_consumer {
public:
  /// Told the fate of an entry: client, number of the first row, and whether it
  /// was committed.
  using told_function = std::function<void(uint64_t, uint64_t, bool)>;

  redis_consumer(const std::string& socket, item_writer db, told_function tell);

  /// Runs until `stopped`, which it notices within 100 ms. Returns the number
  /// of transactions.
  uint64_t run(const std::atomic<bool>& stopped);

private:
  // Refers to the reply it came with.
  struct entry {
    std::string_view id;
    uint64_t client;
    uint64_t number;
    const redisReply* fields;
  };

  using entries = std::vector<entry>;

  // Asks for entries after `from`, together with what has been appended.
  redis_reply read(const char* from);

  static entries parse(const redisReply& reply);

  void handle(const entries& all);

  void handle_alone(const entry& x);

  bool store(const entries& all);

  void insert(const entry& x);

  // Both are sent with the next `read`.
  void acknowledge(const entries& all);

  void file_dead_letter(const entry& x);

  void append(const redis_command& command);

  redis_connection redis_;
  item_writer db_;
  told_function tell_;
  // Commands whose replies have not been read.
  size_t unread_ = 0;
  uint64_t transactions_ = 0;
};

} // namespace onewriter::bench
