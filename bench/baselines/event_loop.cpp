#include "bench/baselines/event_loop.hpp"

#include "bench/threads/clients.hpp"

#include <deque>
#include <thread>
#include <utility>

namespace onewriter::bench {

namespace {

using clock = recorder::clock;

/// A write that a client has issued.
struct loop_write {
  loop_write(const row_shape& rows, uint64_t client) : values{rows, client} {
    // nop
  }

  item_write values;
  /// Among the writes of its client.
  uint64_t index = 0;
  clock::time_point sent;
  /// Where rowids are returned, that of the last row.
  uint64_t id = 0;
  /// Called after the commit; may issue writes, this one too.
  std::function<void(loop_write&)> committed;
};

/// The loop's part that has the file.
class write_loop {
public:
  explicit write_loop(item_writer db) : db_{std::move(db)} {
    // nop
  }

  /// For the next tick. The write has to stay where it is until it is called
  /// back.
  void issue(loop_write& what) {
    issued_.push_back(&what);
  }

  bool is_idle() const {
    return issued_.empty();
  }

  void tick() {
    if (issued_.empty())
      return;
    taken_.swap(issued_);
    store();
    ++transactions_;
    for (auto x : taken_)
      x->committed(*x);
    taken_.clear();
  }

  uint64_t transactions() const {
    return transactions_;
  }

private:
  void store() {
    // A write that is alone is a transaction by itself.
    if (taken_.size() == 1) {
      taken_.front()->id = db_.write(taken_.front()->values);
      return;
    }
    db_.begin();
    for (auto x : taken_)
      x->id = db_.insert(x->values);
    db_.commit();
  }

  item_writer db_;
  std::vector<loop_write*> issued_;
  std::vector<loop_write*> taken_;
  uint64_t transactions_ = 0;
};

// -- clients ----------------------------------------------------------------------

/// Keeps a number of writes on their way.
class loop_client {
public:
  loop_client(const task& what, size_t index, recorder& records,
              write_loop& loop)
    : what_{what},
      index_{index},
      records_{records},
      loop_{loop} {
    for (size_t i = 0; i < what.outstanding; ++i)
      writes_.emplace_back(what.rows, index).committed = [this](loop_write& x) {
        committed(x);
      };
  }

  void start(clock::time_point now) {
    for (auto& x : writes_)
      issue(x, now);
  }

private:
  void issue(loop_write& x, clock::time_point now) {
    x.index = next_++;
    x.values.fill(what_.rows, x.index);
    x.sent = now;
    loop_.issue(x);
  }

  void committed(loop_write& x) {
    auto now = records_.acknowledged(index_, x.index, x.sent);
    if (now < records_.end())
      issue(x, now);
  }

  const task& what_;
  size_t index_;
  recorder& records_;
  write_loop& loop_;
  std::deque<loop_write> writes_;
  uint64_t next_ = 0;
};

/// Issues the writes of all clients when they are due, where arrivals have a
/// rate.
class loop_timer {
public:
  loop_timer(const task& what, recorder& records, write_loop& loop)
    : what_{what},
      records_{records},
      loop_{loop} {
    // nop
  }

  /// Issues what is due by now, while no write is on its way. Returns false
  /// once nothing more will be due.
  bool issue_due() {
    used_ = 0;
    auto now = clock::now();
    for (; due() <= now && due() < records_.end(); ++arrived_)
      issue(due());
    return due() < records_.end();
  }

  void sleep_until_due() const {
    std::this_thread::sleep_until(due());
  }

private:
  size_t client() const {
    return arrived_ % what_.clients;
  }

  uint64_t index() const {
    return arrived_ / what_.clients;
  }

  clock::time_point due() const {
    return timetable{what_, client(), records_}.due(index());
  }

  void issue(clock::time_point due) {
    auto& x = unused();
    x.values.client = client();
    x.index = index();
    x.values.fill(what_.rows, x.index);
    x.sent = due;
    loop_.issue(x);
  }

  loop_write& unused() {
    if (used_ == writes_.size())
      writes_.emplace_back(what_.rows, client()).committed
        = [this](loop_write& x) {
            records_.acknowledged(x.values.client, x.index, x.sent);
          };
    return writes_[used_++];
  }

  const task& what_;
  recorder& records_;
  write_loop& loop_;
  std::deque<loop_write> writes_;
  size_t used_ = 0;
  uint64_t arrived_ = 0;
};

/// Readers whose rows are there when they ask.
class loop_readers {
public:
  loop_readers(const task& what, const options& opts, recorder& records)
    : records_{records},
      files_{open_readers(what, opts)} {
    for (size_t i = 0; i < files_.size(); ++i)
      readers_.emplace_back(what, i, records, [this, i](uint64_t id) {
        return files_[i].read(id);
      });
  }

  bool is_empty() const {
    return readers_.empty();
  }

  void start(clock::time_point now) {
    asked_.assign(readers_.size(), now);
  }

  /// Until the end of the run.
  void read_one_each() {
    for (size_t i = 0; i < readers_.size(); ++i)
      if (asked_[i] < records_.end())
        asked_[i] = readers_[i].read_one(asked_[i]);
  }

private:
  recorder& records_;
  std::vector<item_reader> files_;
  std::deque<random_reader> readers_;
  std::vector<clock::time_point> asked_;
};

// -- runs -------------------------------------------------------------------------

void run_closed(const task& what, recorder& records, write_loop& loop,
                loop_readers& readers) {
  std::deque<loop_client> clients;
  for (size_t i = 0; i < what.clients; ++i)
    clients.emplace_back(what, i, records, loop);
  records.start();
  auto now = clock::now();
  readers.start(now);
  for (auto& x : clients)
    x.start(now);
  while (!loop.is_idle()) {
    loop.tick();
    readers.read_one_each();
  }
}

void run_open(const task& what, recorder& records, write_loop& loop,
              loop_readers& readers) {
  loop_timer timer{what, records, loop};
  records.start();
  readers.start(clock::now());
  while (timer.issue_due() || !loop.is_idle()) {
    // Readers always have something to do.
    if (loop.is_idle() && readers.is_empty())
      timer.sleep_until_due();
    loop.tick();
    readers.read_one_each();
  }
}

void run_event_loop(const task& what, const options& opts, recorder& records) {
  write_loop loop{{create_file(opts, what.rows), what.rows}};
  loop_readers readers{what, opts, records};
  if (what.arrivals_per_second > 0)
    run_open(what, records, loop, readers);
  else
    run_closed(what, records, loop, readers);
  records.commits(loop.transactions());
}

} // namespace

backend event_loop() {
  return {
    "event-loop",
    "one thread runs SQLite and all clients as callbacks, a transaction per "
    "tick; no locks, no wake-ups",
    [](const task& what) { return what.beside == background_load::nothing; },
    run_event_loop};
}

} // namespace onewriter::bench
