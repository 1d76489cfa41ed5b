#include "bench/baselines/redis/redis_consumer.hpp"

#include <stdexcept>
#include <utility>

namespace onewriter::bench {

namespace {

constexpr auto entries_at_once = "100";
constexpr auto block_ms = "100";
constexpr int max_attempts = 3;

// Before the payloads there are two fields, with name and value each.
constexpr size_t payload_begin = 4;

const redisReply& at(const redisReply& from, size_t index) {
  if (from.type != REDIS_REPLY_ARRAY || index >= from.elements)
    throw std::runtime_error{"Redis: an unexpected reply"};
  return *from.element[index];
}

std::string_view text(const redisReply& x) {
  return {x.str, x.len};
}

uint64_t integer(const redisReply& x) {
  return std::stoull(std::string{text(x)});
}

} // namespace

void create_redis_stream(const std::string& socket) {
  redis_connection{socket}.ask(
    {"XGROUP", "CREATE", redis_stream, redis_group, "0", "MKSTREAM"});
}

redis_consumer::redis_consumer(const std::string& socket, item_writer db,
                               told_function tell)
  : redis_{socket},
    db_{std::move(db)},
    tell_{std::move(tell)} {
  // nop
}

uint64_t redis_consumer::run(const std::atomic<bool>& stopped) {
  // From "0" on comes what was read before and not acknowledged.
  auto from = "0";
  while (!stopped) {
    auto reply = read(from);
    auto all = parse(*reply);
    if (!all.empty())
      handle(all);
    else
      from = ">";
  }
  return transactions_;
}

// -- reading --------------------------------------------------------------------

redis_reply redis_consumer::read(const char* from) {
  redis_.append({"XREADGROUP", "GROUP", redis_group, "consumer", "COUNT",
                 entries_at_once, "BLOCK", block_ms, "STREAMS", redis_stream,
                 from});
  for (; unread_ > 0; --unread_)
    redis_.next();
  return redis_.next();
}

redis_consumer::entries redis_consumer::parse(const redisReply& reply) {
  entries result;
  if (reply.type == REDIS_REPLY_NIL)
    return result;
  // Of the only stream: its name, its entries.
  auto& found = at(at(reply, 0), 1);
  for (size_t i = 0; i < found.elements; ++i) {
    auto& x = at(found, i);
    auto& fields = at(x, 1);
    result.push_back({text(at(x, 0)), integer(at(fields, 1)),
                      integer(at(fields, 3)), &fields});
  }
  return result;
}

// -- writing --------------------------------------------------------------------

void redis_consumer::handle(const entries& all) {
  if (store(all))
    acknowledge(all);
  else
    for (auto& x : all)
      handle_alone(x);
}

void redis_consumer::handle_alone(const entry& x) {
  // The first attempt was the one with all other entries.
  for (auto attempt = 2; attempt <= max_attempts; ++attempt)
    if (store({x}))
      return acknowledge({x});
  file_dead_letter(x);
}

bool redis_consumer::store(const entries& all) {
  try {
    db_.begin();
    for (auto& x : all)
      insert(x);
    db_.commit();
    ++transactions_;
    return true;
  } catch (const std::runtime_error&) {
    db_.rollback();
    return false;
  }
}

void redis_consumer::insert(const entry& x) {
  auto number = x.number;
  for (auto i = payload_begin + 1; i < x.fields->elements; i += 2)
    db_.insert(x.client, number++, text(at(*x.fields, i)));
}

// -- taking off the stream ------------------------------------------------------

void redis_consumer::acknowledge(const entries& all) {
  for (auto& x : all)
    tell_(x.client, x.number, true);
  redis_command acknowledge{"XACK", redis_stream, redis_group};
  redis_command remove{"XDEL", redis_stream};
  for (auto& x : all) {
    acknowledge.push_back(x.id);
    remove.push_back(x.id);
  }
  append(acknowledge);
  append(remove);
}

void redis_consumer::file_dead_letter(const entry& x) {
  redis_command add{"XADD", redis_dead_letters, "*"};
  for (size_t i = 0; i < x.fields->elements; ++i)
    add.push_back(text(at(*x.fields, i)));
  append({"MULTI"});
  append(add);
  append({"XACK", redis_stream, redis_group, x.id});
  append({"XDEL", redis_stream, x.id});
  append({"EXEC"});
  tell_(x.client, x.number, false);
}

void redis_consumer::append(const redis_command& command) {
  redis_.append(command);
  ++unread_;
}

} // namespace onewriter::bench
