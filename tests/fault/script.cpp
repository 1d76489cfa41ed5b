#include "tests/fault/script.hpp"

#include "actors/core/database_core.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/database/positioned_write.hpp"
#include "tests/strain/burden.hpp"

#include <algorithm>
#include <fstream>
#include <future>
#include <utility>

namespace onewriter::test {

namespace {

constexpr uint32_t sender_count = 3;

constexpr const char* insert_entry = "INSERT INTO entry(id, part) VALUES(?, ?)";

// Longer than any reply may take: a caller that is held for so long times out.
constexpr auto gate_limit = 2 * reply_limit;

uint32_t sender_of(uint64_t id) {
  return static_cast<uint32_t>(id % sender_count);
}

transaction hold_until(std::shared_future<void> opening) {
  transaction result;
  result.priority = priority::urgent;
  result.function
    = [opening = std::move(opening)](session&) -> caf::expected<result_set> {
    opening.wait_for(gate_limit);
    return result_set{};
  };
  return result;
}

// Every seventh is wrong from the start, and every eleventh is found to be
// wrong when it is committed: neither may leave a row of its own behind.
bool violates_now(uint64_t id) {
  return id % 7 == 0;
}

bool violates_at_the_end(uint64_t id) {
  return id % 11 == 0;
}

// How long a statement runs until it is stopped decides where faults are.
burden draw(uint64_t id) {
  auto result = burden::of(id * 7 + 1);
  return result.is_stopped() ? burden::of(id) : result;
}

write make_write(const write_record& what) {
  write result;
  result.then("UPDATE tally SET n = n + 1");
  for (uint64_t part = 1; part <= what.parts; ++part)
    result.then(insert_entry, static_cast<int64_t>(what.id),
                static_cast<int64_t>(part));
  if (violates_now(what.id))
    result.then("INSERT INTO tally(id, n) VALUES(1, 0)");
  if (violates_at_the_end(what.id))
    result.then("INSERT INTO child(parent) VALUES(1)");
  return result;
}

} // namespace

// -- one round ------------------------------------------------------------------

class script::round {
public:
  explicit round(script& what) : script_{what} {
    auto opening = gate_.get_future().share();
    ask(0, hold_until(opening), {0, 0, 0, reply_state::waiting, 0});
  }

  void write(uint64_t id) {
    write_record what{id, sender_of(id), 1 + id % 3, reply_state::waiting, 0};
    if (script_.burdened_ && id % 5 == 0)
      ask(what.sender, with_burden(draw(what.parts + 1), make_write(what)),
          what);
    else
      ask(what.sender, make_write(what), what);
  }

  void numbered(uint64_t id) {
    auto& all = script_.replies_.numbered;
    auto first_open = std::find_if(all.begin(), all.end(), [](auto& x) {
      return x.reply != reply_state::acknowledged;
    });
    script_.replies_.settled = first_open == all.end() ? id : first_open->id;
    auto place = all.size();
    all.push_back({id, no_sender, 1, reply_state::waiting, 0});
    auto core = caf::actor_cast<database_core_actor>(script_.database_);
    auto response
      = compat::request(*script_.senders_[sender_of(id)], core, reply_limit,
                        numbered_write(id, script_.replies_.settled));
    collect_later(std::move(response),
                  [this, place](uint64_t commit, const caf::error& err) {
                    hear(script_.replies_.numbered[place], commit, err);
                  });
  }

  // By the sender of the write before and of the one after, in turns.
  void burden_of(uint64_t id) {
    auto load = draw(id);
    write_record what{0, sender_of(id), 0, reply_state::waiting, 0};
    switch (id % 4) {
      case 0:
        return ask(what.sender, burden_call(load), what);
      case 1:
        return ask(what.sender, burden_transaction(load), what);
      case 2:
        script_.replies_.messages.push_back({"", id});
        return compat::anon_send(script_.database_, burden_best_effort(load));
      default:
        return ask(what.sender, burden_write(load), what);
    }
  }

  void message(std::string key, uint64_t number) {
    script_.replies_.messages.push_back({key, number});
    compat::anon_send(
      script_.database_,
      best_effort{key, "INSERT INTO latest(key, number) VALUES(?, ?)", key,
                  static_cast<int64_t>(number)});
  }

  // Lets the writer go once it has, or will have, all that was sent.
  void run() {
    static_cast<void>(script_.ask<statistics>(0, get_statistics{}));
    gate_.set_value();
    for (auto& collect : replies_)
      collect();
  }

private:
  template <class Request>
  void ask(size_t sender, Request request, write_record what) {
    auto place = script_.replies_.asks(what);
    auto response
      = compat::request(*script_.senders_[sender], script_.database_,
                        reply_limit, std::move(request));
    collect_later(std::move(response),
                  [this, place](uint64_t commit, const caf::error& err) {
                    hear(script_.replies_.writes[place], commit, err);
                  });
  }

  template <class Response, class F>
  void collect_later(Response response, F note) {
    auto shared = std::make_shared<Response>(std::move(response));
    replies_.push_back([note, shared] {
      std::move(*shared).receive([&](write_receipt& x) { note(x.commit, {}); },
                                 [&](caf::error& err) { note(0, err); });
    });
  }

  void hear(write_record& what, uint64_t commit, const caf::error& err) {
    what.reply = state_after(err);
    what.commit = commit;
    script_.replies_.hears("write " + std::to_string(what.id), err);
  }

  script& script_;
  std::promise<void> gate_;
  std::vector<std::function<void()>> replies_;
};

// -- the script -----------------------------------------------------------------

script::script(caf::actor_system& sys, database_actor database,
               std::string folder, replies& so_far, script_length length,
               bool burdened)
  : sys_{sys},
    database_{std::move(database)},
    folder_{std::move(folder)},
    replies_{so_far},
    length_{length},
    burdened_{burdened} {
  for (size_t i = 0; i < sender_count; ++i)
    senders_.push_back(std::make_unique<caf::scoped_actor>(sys_));
}

void script::run() {
  auto is_brief = length_ == script_length::brief;
  create_tables();
  run_writes(1, is_brief ? 4 : 7, true);
  index(1);
  read();
  run_writes(8, is_brief ? 11 : 14, false);
  cut_back(false);
  index(2);
  read();
  if (!is_brief)
    run_writes(15, 20, true);
  cut_back(true);
  read();
}

void script::create_tables() {
  write what;
  what.then("CREATE TABLE IF NOT EXISTS entry(id INTEGER NOT NULL, "
            "part INTEGER NOT NULL)");
  what.then("CREATE TABLE IF NOT EXISTS tally(id INTEGER PRIMARY KEY, n)");
  what.then("CREATE TABLE IF NOT EXISTS latest(key TEXT NOT NULL, "
            "number INTEGER NOT NULL)");
  what.then("CREATE TABLE IF NOT EXISTS numbered(id INTEGER NOT NULL)");
  what.then("CREATE TABLE IF NOT EXISTS parent(id INTEGER PRIMARY KEY)");
  what.then("CREATE TABLE IF NOT EXISTS child(parent INTEGER NOT NULL "
            "REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)");
  what.then("INSERT OR IGNORE INTO tally(id, n) VALUES(1, 0)");
  if (burdened_)
    add_burden_tables(what);
  auto place = replies_.asks({0, 0, 0, reply_state::waiting, 0});
  auto err = ask<write_receipt>(0, std::move(what));
  replies_.writes[place].reply = state_after(err);
}

void script::run_writes(uint64_t first, uint64_t last, bool is_mixed) {
  round now{*this};
  for (auto id = first; id <= last; ++id) {
    if (burdened_)
      now.burden_of(id);
    now.write(id);
    now.numbered(id);
    if (is_mixed)
      now.message(id % 2 == 0 ? "even" : "odd", id);
  }
  now.run();
}

void script::index(uint64_t version) {
  chunked_index what;
  what.index = index_name();
  what.key = document_key();
  if (version == 1) {
    what.text = document_text(version, length_);
  } else {
    what.path = folder_ + "/document.txt";
    std::ofstream{what.path} << document_text(version, length_);
  }
  replies_.versions[version] = reply_state::waiting;
  auto err = ask<index_receipt>(1, std::move(what));
  replies_.versions[version] = state_after(err);
}

void script::read() {
  search what;
  what.index = index_name();
  what.expression = word_of(2) + " OR " + word_of(1);
  // Any answer will do, but there must be one.
  static_cast<void>(ask<search_hits>(1, std::move(what)));
  static_cast<void>(
    ask<result_set>(2, query{"SELECT id, COUNT(*) FROM entry GROUP BY id"}));
}

void script::cut_back(bool truncate) {
  static_cast<void>(ask<checkpoint_receipt>(0, checkpoint{truncate}));
}

template <class Reply, class Request>
caf::error
script::ask(size_t sender, Request what, std::function<void(Reply&)> use) {
  caf::error result;
  compat::request(*senders_[sender], database_, reply_limit, std::move(what))
    .receive(
      [&](Reply& x) {
        if (use)
          use(x);
      },
      [&](caf::error& err) { result = std::move(err); });
  replies_.hears("sender " + std::to_string(sender), result);
  return result;
}

// -- requests with positions ------------------------------------------------------

// A statement, one whose receipt has no room in the row of the session, and two
// statements.
pending_write_ptr numbered_write(uint64_t number, uint64_t settled) {
  std::string sql = "INSERT INTO numbered(id) VALUES(?)";
  if (number % 3 == 1)
    sql += " RETURNING zeroblob(600)";
  write what{sql, static_cast<int64_t>(number)};
  if (number % 3 == 2)
    what.then("SELECT count(*) FROM numbered");
  return positioned(std::move(what), {make_session("script"), number, settled});
}

// -- the document -----------------------------------------------------------------

std::string index_name() {
  return "library";
}

std::string document_key() {
  return "document";
}

std::string word_of(uint64_t version) {
  return version == 1 ? "first" : "second";
}

// Few long words: most of the time that an index takes goes into words.
std::string document_text(uint64_t version, script_length length) {
  size_t full = version == 1 ? 6'000 : 300'000;
  auto size = length == script_length::full ? full : full / 10;
  std::string result;
  for (size_t i = 0; result.size() < size; ++i)
    result += "The " + word_of(version) + " edition has "
              + std::string(200, static_cast<char>('a' + i % 26))
              + std::to_string(i) + ".\n";
  return result;
}

} // namespace onewriter::test
