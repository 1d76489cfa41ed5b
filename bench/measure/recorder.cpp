#include "bench/measure/recorder.hpp"

#include "bench/file/schema.hpp"
#include "bench/file/sqlite.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace onewriter::bench {

namespace {

// Points of the timeline.
constexpr int slice_count = 60;

[[noreturn]] void differs(uint64_t client, uint64_t number, const char* how) {
  throw std::runtime_error{"row " + std::to_string(number) + " of client "
                           + std::to_string(client) + " " + how};
}

// Calls `visit(client, number)` for each row.
template <class F>
void for_each_row(const std::string& path, F visit) {
  options opts;
  opts.path = path;
  baseline_connection db{opts, access::read};
  baseline_statement rows{db, "SELECT client, number FROM item"};
  while (rows.step())
    visit(rows.integer(0), rows.integer(1));
}

} // namespace

recorder::recorder(const task& what)
  : rows_per_write_{what.rows.rows_per_write},
    length_{what.length},
    slice_length_{
      std::max(what.length / slice_count, std::chrono::nanoseconds{1})},
    rows_before_{what.rows_before},
    acknowledged_(what.clients) {
  for (size_t i = 0; i < shard_count; ++i) {
    auto& x = *shards_.emplace_back(std::make_unique<shard>());
    // What comes after the last slice belongs to it.
    for (int k = 0; k < slice_count; ++k)
      x.writes.push_back(std::make_unique<histogram>());
  }
}

void recorder::start() {
  start_ = clock::now();
  end_ = (start_ + length_).time_since_epoch().count();
  for (auto& x : shards_)
    x->last = start_;
}

recorder::clock::time_point
recorder::acknowledged(size_t client, uint64_t first, uint64_t count,
                       clock::time_point sent) {
  auto now = clock::now();
  if (observer_)
    observer_(first, count, sent, now);
  acknowledged(client, first, count, sent, now);
  return now;
}

void recorder::acknowledged(size_t client, uint64_t first, uint64_t count,
                            clock::time_point sent, clock::time_point now) {
  auto& seen = acknowledged_[client];
  if (seen.size() < first + count)
    seen.resize(first + count);
  for (auto number = first; number < first + count; ++number) {
    if (seen[number])
      differs(client, number, "was acknowledged twice");
    seen[number] = true;
  }
  auto& to = *shards_[client % shard_count];
  std::lock_guard<std::mutex> guard{to.mutex};
  auto took = now - sent;
  to.writes[slice_of(now)]->record(took, count);
  to.waits.record(took, count * static_cast<uint64_t>(microseconds(took) + 1));
  to.write_count.store(to.write_count.load(std::memory_order_relaxed) + count,
                       std::memory_order_relaxed);
  to.last = std::max(to.last, now);
}

recorder::clock::time_point recorder::read(size_t reader,
                                           clock::time_point sent) {
  auto& to = *shards_[reader % shard_count];
  auto now = clock::now();
  std::lock_guard<std::mutex> guard{to.mutex};
  to.reads.record(now - sent);
  to.last = std::max(to.last, now);
  return now;
}

uint64_t recorder::writes_so_far() const {
  uint64_t result = 0;
  for (auto& x : shards_)
    result += x->write_count.load(std::memory_order_relaxed);
  return result;
}

size_t recorder::slice_of(clock::time_point when) const {
  auto slice = (when - start_) / slice_length_;
  return static_cast<size_t>(std::min<decltype(slice)>(slice, slice_count - 1));
}

uint64_t recorder::fewest_writes() const {
  auto result = std::numeric_limits<uint64_t>::max();
  for (auto& x : acknowledged_)
    result = std::min(
      result, static_cast<uint64_t>(std::count(x.begin(), x.end(), true)));
  return result;
}

measurement recorder::finish() const {
  measurement result;
  auto writes = std::make_shared<histogram>();
  auto reads = std::make_shared<histogram>();
  auto waits = std::make_shared<histogram>();
  result.slice_length = slice_length_;
  for (int k = 0; k < slice_count; ++k) {
    histogram slice;
    for (auto& x : shards_)
      slice.add(*x->writes[static_cast<size_t>(k)]);
    result.timeline.push_back({slice.count(), slice.quantile(0.99)});
    writes->add(slice);
  }
  auto last = start_;
  for (auto& x : shards_) {
    reads->add(x->reads);
    waits->add(x->waits);
    last = std::max(last, x->last);
  }
  result.writes = writes->count();
  result.rows = result.writes * rows_per_write_;
  result.reads = reads->count();
  result.commits = commits_;
  result.refused = refused_;
  result.length = last - start_;
  result.write_latency = std::move(writes);
  result.read_latency = std::move(reads);
  result.write_waits = std::move(waits);
  result.fewest_writes = fewest_writes();
  result.average_writes = static_cast<double>(result.writes)
                          / static_cast<double>(acknowledged_.size());
  return result;
}

void recorder::verify(const std::string& path) const {
  auto clients = acknowledged_.size();
  std::vector<std::vector<bool>> found(clients);
  for (size_t i = 0; i < clients; ++i)
    found[i].resize(acknowledged_[i].size() * rows_per_write_);
  uint64_t rows_of_no_client = 0;
  for_each_row(path, [&](uint64_t client, uint64_t number) {
    if (client == no_client) {
      ++rows_of_no_client;
      return;
    }
    if (client >= clients
        || number / rows_per_write_ >= acknowledged_[client].size()
        || !acknowledged_[client][number / rows_per_write_])
      differs(client, number, "is in the file and was not acknowledged");
    if (found[client][number])
      differs(client, number, "is in the file twice");
    found[client][number] = true;
  });
  if (rows_of_no_client != rows_before_)
    throw std::runtime_error{"of " + std::to_string(rows_before_)
                             + " rows that existed before the run, the file "
                               "has "
                             + std::to_string(rows_of_no_client)};
  for (size_t client = 0; client < clients; ++client)
    for (size_t number = 0; number < found[client].size(); ++number)
      if (acknowledged_[client][number / rows_per_write_]
          && !found[client][number])
        differs(client, number, "was acknowledged and is not in the file");
}

} // namespace onewriter::bench
