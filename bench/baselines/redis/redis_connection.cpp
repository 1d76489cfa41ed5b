#include "bench/baselines/redis/redis_connection.hpp"

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace onewriter::bench {

namespace {

constexpr auto most_attempts = 10'000;

} // namespace

// With hundreds of clients the server has not accepted all of those before.
redis_connection::redis_connection(const std::string& socket) {
  for (auto attempt = 0; attempt < most_attempts; ++attempt) {
    connection_.reset(redisConnectUnix(socket.c_str()));
    if (connection_ == nullptr)
      throw std::runtime_error{"no memory for a connection to Redis"};
    if (connection_->err == REDIS_OK)
      return;
    if (connection_->err != REDIS_ERR_IO || errno != EAGAIN)
      break;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
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
