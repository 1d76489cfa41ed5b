#include "bench/baselines/redis/redis.hpp"

#include "bench/baselines/redis/redis_consumer.hpp"
#include "bench/baselines/redis/redis_server.hpp"
#include "bench/threads/clients.hpp"
#include "bench/threads/one_shot.hpp"

#include <atomic>
#include <chrono>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

struct sent_write {
  clock::time_point sent;
  one_shot reply;
};

// Where clients get the outcomes of their writes.
class reply_board {
public:
  explicit reply_board(const task& what) {
    for (size_t i = 0; i < what.clients; ++i)
      writes_.emplace_back(what.outstanding);
  }

  sent_write& at(uint64_t client, uint64_t index) {
    auto& of_client = writes_[client];
    return of_client[index % of_client.size()];
  }

  void reply(uint64_t client, uint64_t index, bool good) {
    auto& x = at(client, index).reply;
    if (x.give(good))
      x.wake();
  }

private:
  std::vector<std::vector<sent_write>> writes_;
};

// Sets a flag when it is destroyed.
struct flag_setter {
  ~flag_setter() {
    flag = true;
  }

  std::atomic<bool>& flag;
};

class redis_client {
public:
  redis_client(const std::string& socket, const task& what, uint64_t index)
    : redis_{socket},
      what_{what},
      index_{index},
      next_{what.rows, index} {
    // nop
  }

  // Returns early where there is no consumer any more.
  void run(reply_board& board, recorder& records,
           const std::atomic<bool>& is_over) {
    auto now = clock::now();
    uint64_t sent = 0;
    while (sent < what_.outstanding)
      send(board, sent++, now);
    for (uint64_t index = 0; index < sent; ++index) {
      auto& x = board.at(index_, index);
      // All that is due is sent at once, before this waits.
      if (!x.reply.is_given())
        redis_.flush();
      // That the stream has the entry.
      redis_.next();
      if (!wait(x.reply, is_over))
        return;
      now = note(x, index, records);
      if (now < records.end())
        send(board, sent++, now);
    }
  }

private:
  void send(reply_board& board, uint64_t index, clock::time_point now) {
    next_.fill(what_.rows, index);
    auto& x = board.at(index_, index);
    x.sent = now;
    x.reply.reset();
    auto client = std::to_string(next_.client);
    auto number = std::to_string(next_.number);
    redis_command add{"XADD", redis_stream, "*",   "client",
                      client, "number",     number};
    for (auto& payload : next_.payloads)
      add.insert(add.end(), {"payload", payload});
    redis_.append(add);
  }

  static bool wait(one_shot& reply, const std::atomic<bool>& is_over) {
    while (!reply.wait_until(clock::now() + std::chrono::milliseconds{100}))
      if (is_over)
        return false;
    return true;
  }

  // A dead letter was refused, and the client goes on.
  clock::time_point note(sent_write& x, uint64_t index, recorder& records) {
    if (x.reply.wait())
      return records.acknowledged(index_, index, x.sent);
    records.refused();
    return clock::now();
  }

  redis_connection redis_;
  const task& what_;
  uint64_t index_;
  item_write next_;
};

std::vector<redis_client> connect_clients(const std::string& socket,
                                          const task& what) {
  std::vector<redis_client> result;
  for (size_t i = 0; i < what.clients; ++i)
    result.emplace_back(socket, what, i);
  return result;
}

void run_clients(std::vector<redis_client>& clients, reply_board& board,
                 const task& what, const options& opts, recorder& records,
                 const std::atomic<bool>& is_over) {
  auto readers = open_readers(what, opts);
  records.start();
  thread_group threads;
  for (auto& x : clients)
    threads.start([&] { x.run(board, records, is_over); });
  start_readers(threads, readers, what, records);
  threads.join();
}

void run_redis(const task& what, const options& opts, recorder& records) {
  redis_server server{opts};
  create_redis_stream(server.socket());
  reply_board board{what};
  auto tell = [&](uint64_t client, uint64_t number, bool good) {
    board.reply(client, number / what.rows.rows_per_write, good);
  };
  auto consumer = redis_consumer{
    server.socket(), {create_file(opts, what.rows), what.rows}, tell};
  auto clients = connect_clients(server.socket(), what);
  std::atomic<bool> clients_are_done{false};
  std::atomic<bool> consumer_is_done{false};
  thread_group threads;
  threads.start([&] {
    flag_setter at_end{consumer_is_done};
    records.commits(consumer.run(clients_are_done));
  });
  {
    flag_setter at_end{clients_are_done};
    run_clients(clients, board, what, opts, records, consumer_is_done);
  }
  threads.join();
}

} // namespace

std::vector<backend> redis_if_installed() {
  if (find_redis_server().empty())
    return {};
  return {{"redis",
           "a stream in Redis, as durable as the file, and one consumer with "
           "100 entries per transaction",
           is_plain, run_redis}};
}

} // namespace onewriter::bench
