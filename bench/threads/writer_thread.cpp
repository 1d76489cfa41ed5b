#include "bench/threads/writer_thread.hpp"

namespace onewriter::bench {

namespace {

// What arrives faster than it can be written would keep a transaction open.
constexpr size_t enough_for_one = 4'096;

} // namespace

writer_thread::writer_thread(item_writer db)
  : db_{std::move(db)},
    thread_{[this] {
      serve();
    }} {
  // nop
}

writer_thread::~writer_thread() {
  queue_.close();
  if (thread_.joinable())
    thread_.join();
}

uint64_t writer_thread::stop() {
  queue_.close();
  thread_.join();
  if (failure_ != nullptr)
    std::rethrow_exception(failure_);
  return transactions_;
}

void writer_thread::serve() {
  while (queue_.wait_and_take(taken_)) {
    try {
      if (failure_ == nullptr)
        store();
    } catch (...) {
      failure_ = std::current_exception();
    }
    reply(failure_ == nullptr);
  }
}

void writer_thread::store() {
  db_.begin();
  size_t stored = 0;
  do
    for (; stored < taken_.size(); ++stored)
      taken_[stored]->id = db_.insert(taken_[stored]->values);
  while (stored < enough_for_one && queue_.take(taken_));
  db_.commit();
  ++transactions_;
}

void writer_thread::reply(bool good) {
  for (auto x : taken_)
    if (x->reply.give(good))
      sleeping_.push_back(x);
  taken_.clear();
  for (auto x : sleeping_)
    x->reply.wake();
  sleeping_.clear();
}

} // namespace onewriter::bench
