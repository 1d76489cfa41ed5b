#pragma once

#include "bench/file/items.hpp"
#include "bench/measure/recorder.hpp"
#include "bench/threads/inbox.hpp"
#include "bench/threads/one_shot.hpp"

#include <cstdint>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// A write on its way to the thread that writes.
struct queued_write {
  queued_write(const row_shape& rows, uint64_t client) : values{rows, client} {
    // nop
  }

  item_write values;
  /// Where rowids are returned, that of the last row.
  uint64_t id = 0;
  /// Whether it was committed.
  one_shot reply;
  recorder::clock::time_point sent;
  queued_write* next = nullptr;
};

/// A thread that writes what is queued: all of it, and some of what comes while
/// it does so, in one transaction, and then it replies. There is no second try:
/// with the first failure everything is refused, until `stop` says why.
class writer_thread {
public:
  explicit writer_thread(item_writer db);

  writer_thread(const writer_thread&) = delete;

  writer_thread& operator=(const writer_thread&) = delete;

  ~writer_thread();

  /// Any thread. The write has to stay where it is until it has its reply, and
  /// its memory until this object is destroyed.
  void send(queued_write& what) {
    what.reply.reset();
    queue_.push(what);
  }

  /// After the last write. Returns the number of transactions, or throws what
  /// went wrong.
  uint64_t stop();

private:
  void serve();

  // The writes in `taken_`, which grows at the same time.
  void store();

  void reply(bool good);

  item_writer db_;
  inbox<queued_write> queue_;
  // The transaction's writes, and those whose senders sleep.
  std::vector<queued_write*> taken_;
  std::vector<queued_write*> sleeping_;
  uint64_t transactions_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

} // namespace onewriter::bench
