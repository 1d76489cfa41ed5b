#pragma once

#include "onewriter/compat/messaging.hpp"
#include "onewriter/database.hpp"
#include "onewriter/failure.hpp"
#include "tests/model/ledger/effort_ledger.hpp"
#include "tests/model/ledger/write_tally.hpp"
#include "tests/model/player.hpp"
#include "tests/model/reply_rules.hpp"
#include "tests/model/requests.hpp"
#include "tests/strain/log_pin.hpp"
#include "tests/strain/tiny_resources.hpp"
#include "tests/temp_folder.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <utility>

namespace onewriter::test {

/// How long a reply may take that must come.
constexpr auto reply_limit = std::chrono::seconds{60};

constexpr const char* entries_sql
  = "SELECT id, content, part FROM entry ORDER BY id";

/// Blocks for a reply.
template <class Reply, class Response>
caf::expected<Reply> receive(Response response) {
  caf::expected<Reply> result{caf::make_error(caf::sec::runtime_error)};
  if constexpr (std::is_same_v<Reply, caf::unit_t>)
    std::move(response).receive([&] { result = caf::unit; },
                                [&](caf::error& err) { result = err; });
  else
    std::move(response).receive([&](Reply& x) { result = std::move(x); },
                                [&](caf::error& err) { result = err; });
  return result;
}

void add_rows(const result_set& from, std::vector<entry_row>& to);

/// Plays one sequence, for its own sources only: the file and the steps
/// (`player.cpp`), what writes (`player_writes.cpp`), what reads and looks
/// after the file (`player_reads.cpp`), documents (`player_documents.cpp`). One
/// thread plays all senders: it sends without waiting and looks at replies when
/// a step says so, so that what the senders have sent runs side by side.
class player {
public:
  player(caf::actor_system& sys, unsynced_disk& disk, const plan& what)
    : sys_{sys},
      disk_{disk},
      plan_{what} {
    for (uint32_t i = 0; i < what.senders; ++i)
      senders_.push_back(std::make_unique<sender>(sys));
    set_up();
  }

  ~player() {
    disk_.fail_next_sync(sync_fault::none);
    if (database_)
      caf::anon_send_exit(database_, caf::exit_reason::user_shutdown);
  }

  play_report play() {
    try {
      open();
      for (auto& x : plan_.steps)
        take(x);
      finish();
    } catch (const std::exception& ex) {
      complaints_.add(ex.what());
    }
    report_.complaints = complaints_.all();
    return std::move(report_);
  }

private:
  struct sender {
    explicit sender(caf::actor_system& sys) : self{sys} {
      // nop
    }

    caf::scoped_actor self;
    // What waits for the replies, in the order of sending.
    std::deque<std::function<void()>> outstanding;
  };

  struct cursor {
    cursor_actor handle;
    entry_snapshot seen;
  };

  // -- the file ---------------------------------------------------------------------

  void set_up();

  void open();

  void take_stock();

  void finish();

  // -- steps --------------------------------------------------------------------------

  void take(const step& x);

  bool take_write(const step& x);

  bool take_read(const step& x);

  bool take_document(const step& x);

  bool take_maintenance(const step& x);

  bool take_fault(const step& x);

  void send_write(const step& x);

  void forget(const step& x);

  void send_best_effort(const step& x);

  void send_burdened(const step& x);

  void send_burden(const step& x);

  template <class Request>
  void ask_in_vain(const step& x, Request what);

  void send_query(const step& x);

  void send_open_cursor(const step& x);

  void read_page(const step& x, size_t which);

  void send_index(const step& x);

  void send_remove(const step& x);

  void send_search(const step& x);

  void change_letter(const step& x);

  void send_backup(const step& x);

  bool come_to_rest();

  bool wait_until_idle();

  bool write_last();

  std::string copy_file(uint64_t number);

  void recover_copy(const step& x);

  void compare_with_copy(const file_content& closed, const std::string& copy);

  void pin_log();

  void send_close(const step& x, bool drain);

  void collect(sender& from);

  void collect_all();

  // -- replies ------------------------------------------------------------------------

  template <class Reply, class Handle, class Request, class F>
  void ask(const step& x, const Handle& whom, Request what, F on_reply);

  template <class Reply, class Request>
  void ask_and_ignore(const step& x, Request what);

  void check_integrity(const step& x);

  template <class Reply, class Handle, class Request>
  caf::expected<Reply> ask_now(const step& x, const Handle& whom, Request what);

  ec check_reply(const step& x, const caf::error& err);

  void written(const step& x, size_t which,
               const caf::expected<write_receipt>& reply);

  caf::actor_system& sys_;
  unsynced_disk& disk_;
  const plan& plan_;
  temp_folder folder_;
  options opts_;
  database_actor database_;
  std::vector<std::unique_ptr<sender>> senders_;
  std::vector<cursor> cursors_;
  std::unique_ptr<log_pin> pin_;
  moment now_ = 0;
  circumstances circumstances_;
  bool log_may_stay_ = false;
  size_t steps_until_open_ = 0;
  // Since the file was opened.
  uint64_t faults_ = 0;
  int failed_syncs_ = 0;
  size_t forgotten_ = 0;
  statistics last_;
  play_report report_;
  complaints complaints_;
  entry_ledger entries_{complaints_};
  effort_ledger efforts_{complaints_};
  document_ledger documents_{complaints_};
  write_tally tally_{complaints_};
};

// -- replies --------------------------------------------------------------------------

template <class Reply, class Handle, class Request, class F>
void player::ask(const step& x, const Handle& whom, Request what, F on_reply) {
  auto& from = *senders_[x.sender];
  auto sent = ++now_;
  auto response
    = compat::request(from.self, whom, reply_limit, std::move(what));
  using response_type = decltype(response);
  auto shared = std::make_shared<response_type>(std::move(response));
  from.outstanding.push_back([=] {
    auto reply = receive<Reply>(std::move(*shared));
    ++now_;
    check_reply(x, reply ? caf::error{} : reply.error());
    entries_.heard(x.sender, sent, now_);
    efforts_.heard(x.sender, sent, now_);
    on_reply(reply, sent);
  });
}

template <class Reply, class Request>
void player::ask_and_ignore(const step& x, Request what) {
  ask<Reply>(x, database_, std::move(what),
             [](const caf::expected<Reply>&, moment) {});
}

template <class Reply, class Handle, class Request>
caf::expected<Reply>
player::ask_now(const step& x, const Handle& whom, Request what) {
  auto& from = *senders_[x.sender];
  ++now_;
  auto reply = receive<Reply>(
    compat::request(from.self, whom, reply_limit, std::move(what)));
  ++now_;
  check_reply(x, reply ? caf::error{} : reply.error());
  return reply;
}

} // namespace onewriter::test
