#pragma once

#include "bench/file/private_folder.hpp"
#include "onewriter/options.hpp"

#include <string>

#include <sys/types.h>

namespace onewriter::bench {

/// Returns where the PATH has `redis-server`; empty where it has none.
std::string find_redis_server();

/// A Redis server that only this process knows of: without TCP, with its files
/// and its socket beside the database, and with its append-only file as durable
/// as the database. Ends with this object, or with the thread that made it.
class redis_server {
public:
  /// Returns when the server answers. Throws `std::runtime_error`.
  explicit redis_server(const options& opts);

  redis_server(const redis_server&) = delete;

  redis_server& operator=(const redis_server&) = delete;

  /// The path of its socket.
  std::string socket() const {
    return folder_.path() + "/socket";
  }

private:
  struct process {
    ~process();

    pid_t id = -1;
  };

  void start(enum synchronous durability);

  void wait_until_ready();

  private_folder folder_;
  process process_;
};

} // namespace onewriter::bench
