#include "bench/baselines/queue.hpp"

#include "bench/threads/clients.hpp"
#include "bench/threads/writer_thread.hpp"

#include <deque>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

// Outlives the writer, which may be about to wake it.
class queue_client {
public:
  queue_client(const task& what, size_t index, recorder& records)
    : what_{what},
      index_{index},
      records_{records} {
    for (size_t i = 0; i < what.outstanding; ++i)
      writes_.emplace_back(what.rows, index);
  }

  void run(writer_thread& writer) {
    if (what_.arrivals_per_second > 0)
      write_on_schedule(writer);
    else
      write_as_fast_as_possible(writer);
  }

private:
  void send(writer_thread& writer, queued_write& x, uint64_t number,
            clock::time_point now) {
    x.values.fill(what_.rows, number);
    x.sent = now;
    writer.send(x);
  }

  // Replies come in the order of the writes: a client that has its reply takes
  // the values of the next write.
  void write_as_fast_as_possible(writer_thread& writer) {
    auto now = clock::now();
    uint64_t sent = 0;
    for (auto& x : writes_)
      send(writer, x, sent++, now);
    for (uint64_t number = 0; number < sent; ++number) {
      auto& x = writes_[number % writes_.size()];
      if (!x.reply.wait())
        return;
      now = records_.acknowledged(index_, number, x.sent);
      if (now < records_.end())
        send(writer, x, sent++, now);
    }
  }

  void write_on_schedule(writer_thread& writer) {
    auto plan = timetable{what_, index_, records_};
    for (auto& x : writes_)
      idle_.push_back(&x);
    for (uint64_t number = 0; plan.due(number) < records_.end(); ++number) {
      auto due = plan.due(number);
      note_replies_until(due);
      std::this_thread::sleep_until(due);
      send(writer, *on_way_.emplace_back(take_idle()), number, due);
    }
    note_replies_until(clock::time_point::max());
  }

  queued_write* take_idle() {
    if (idle_.empty())
      return &writes_.emplace_back(what_.rows, index_);
    auto result = idle_.back();
    idle_.pop_back();
    return result;
  }

  void note_replies_until(clock::time_point end) {
    while (!on_way_.empty() && on_way_.front()->reply.wait_until(end)) {
      auto x = on_way_.front();
      on_way_.pop_front();
      if (x->reply.wait())
        records_.acknowledged(index_, replies_++, x->sent);
      idle_.push_back(x);
    }
  }

  const task& what_;
  size_t index_;
  recorder& records_;
  std::deque<queued_write> writes_;
  // Where arrivals have a rate.
  std::vector<queued_write*> idle_;
  std::deque<queued_write*> on_way_;
  uint64_t replies_ = 0;
};

void run_queue(const task& what, const options& opts, recorder& records) {
  std::deque<queue_client> clients;
  for (size_t i = 0; i < what.clients; ++i)
    clients.emplace_back(what, i, records);
  writer_thread writer{{create_file(opts, what.rows), what.rows}};
  auto readers = open_readers(what, opts);
  records.start();
  thread_group threads;
  for (auto& x : clients)
    threads.start([&] { x.run(writer); });
  start_readers(threads, readers, what, records);
  threads.join();
  records.commits(writer.stop());
}

} // namespace

backend queue() {
  return {
    "queue",
    "one writer thread and a queue without locks, a transaction per "
    "wake-up; no supervision, no policy",
    [](const task& what) { return what.beside == background_load::nothing; },
    run_queue};
}

} // namespace onewriter::bench
