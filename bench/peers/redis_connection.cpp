#include "bench/peers/redis_connection.hpp"

#include <stdexcept>

namespace onewriter::bench {

redis_connection::redis_connection(const std::string& socket)
  : connection_{redisConnectUnix(socket.c_str())} {
  if (connection_ == nullptr)
    throw std::runtime_error{"no memory for a connection to Redis"};
  if (connection_->err != REDIS_OK)
    fail();
}

void redis_connection::append(const redis_command& command) {
  words_.clear();
  sizes_.clear();
  for (auto word : command) {
    words_.push_back(word.data());
    sizes_.push_back(word.size());
  }
  if (redisAppendCommandArgv(connection_.get(), static_cast<int>(words_.size()),
                             words_.data(), sizes_.data())
      != REDIS_OK)
    fail();
}

void redis_connection::flush() {
  auto done = 0;
  while (done == 0)
    if (redisBufferWrite(connection_.get(), &done) != REDIS_OK)
      fail();
}

redis_reply redis_connection::next() {
  void* raw = nullptr;
  if (redisGetReply(connection_.get(), &raw) != REDIS_OK)
    fail();
  redis_reply result{static_cast<redisReply*>(raw)};
  if (result->type == REDIS_REPLY_ERROR)
    throw std::runtime_error{"Redis: " + std::string{result->str, result->len}};
  return result;
}

void redis_connection::fail() const {
  throw std::runtime_error{std::string{"Redis: "} + connection_->errstr};
}

} // namespace onewriter::bench
