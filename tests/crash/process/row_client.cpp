#include "tests/crash/process/row_client.hpp"

#include "actors/core/database_core.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"
#include "tests/crash/numbered_row.hpp"
#include "tests/crash/receipt_log.hpp"
#include "tests/database/positioned_write.hpp"
#include "tests/strain/burden.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace onewriter::test {

namespace {

class row_client_state {
public:
  explicit row_client_state(row_client_actor::pointer self) : self_{self} {
    // nop
  }

  row_client_actor::behavior_type
  make_behavior(std::shared_ptr<client_company> company, uint32_t client) {
    company_ = std::move(company);
    client_ = client;
    auto path = receipt_log_path(company_->folder, client);
    open_ = read_past(path);
    log_.emplace(path);
    core_ = caf::actor_cast<database_core_actor>(company_->database);
    session_ = make_session("client " + std::to_string(client));
    if (company_->keyed)
      send_again(std::set<uint64_t>{open_});
    while (!company_->last && pending_ < company_->outstanding)
      send(++last_number_);
    end_if_done();
    return {[](get_statistics) {
    }};
  }

  static inline const char* name = "onewriter.row-client";

private:
  // Returns the rows of earlier runs that have no receipt, in order.
  std::set<uint64_t> read_past(const std::string& path) {
    std::set<uint64_t> result;
    for (auto& x : receipt_log::read(path)) {
      last_number_ = std::max(last_number_, x.number);
      if (x.kind == note_kind::sent)
        result.insert(x.number);
      else if (x.kind == note_kind::receipt)
        result.erase(x.number);
    }
    return result;
  }

  void send_again(const std::set<uint64_t>& numbers) {
    for (auto number : numbers)
      send(number);
    if (!numbers.empty())
      company_->tell.say("resent " + std::to_string(numbers.size()));
  }

  void send(uint64_t number) {
    if (company_->burdened && number % 8 == client_)
      send_burden(number);
    if (company_->burdened && number % 11 == client_)
      send(number, call_of_row(client_, number));
    else
      send(number, write_of_row(client_, number));
  }

  // Every other client is as one in a process that has joined this one: its
  // rows have positions in a session that outlives it.
  bool has_positions() const {
    return company_->keyed && client_ % 2 != 0;
  }

  template <class Request>
  void send(uint64_t number, Request what) {
    ++pending_;
    open_.insert(number);
    log_->add({note_kind::sent, number, 0});
    if (has_positions())
      return ask(
        number, core_,
        positioned(std::move(what), {session_, number, *open_.begin()}));
    if (company_->keyed)
      what.idempotency_key
        = std::to_string(client_) + "/" + std::to_string(number);
    ask(number, company_->database, std::move(what));
  }

  template <class Handle, class Request>
  void ask(uint64_t number, const Handle& whom, Request what) {
    compat::request(self_, whom, caf::infinite, std::move(what))
      .then([this, number](
              const write_receipt& x) { acknowledged(number, x.commit); },
            [this, number](const caf::error& err) { refused(number, err); });
  }

  void send_burden(uint64_t number) {
    auto what = burden::of(number * client_count + client_);
    if (number % 3 == 0)
      expect_failure(what, burden_call(what));
    else if (number % 3 == 1)
      expect_failure(what, burden_write(what));
    else
      compat::send(self_, company_->database, burden_best_effort(what));
  }

  template <class Request>
  void expect_failure(const burden& what, Request request) {
    ++pending_;
    compat::request(self_, company_->database, caf::infinite,
                    std::move(request))
      .then(
        [this, what](const write_receipt&) {
          company_->tell.say("trouble " + to_string(what) + " succeeded");
          settled();
        },
        [this, what](const caf::error& err) {
          failed(what, err);
          settled();
        });
  }

  void failed(const burden& what, const caf::error& err) {
    auto code = code_of(err);
    if (is_error_of(what, code))
      company_->tell.say("burdens " + std::to_string(++company_->burdens));
    else if (code != ec::closed)
      company_->tell.say("trouble " + to_string(what) + ": " + describe(err));
  }

  void acknowledged(uint64_t number, uint64_t commit) {
    log_->add({note_kind::receipt, number, commit});
    open_.erase(number);
    auto count = ++company_->receipts;
    if (count <= 20 || count % 50 == 0)
      company_->tell.say("receipts " + std::to_string(count));
    answered();
  }

  // Only a database that is being closed has a reason to refuse anything. What
  // comes through its inner interface then is refused when it ends.
  void refused(uint64_t number, const caf::error& err) {
    auto code = code_of(err);
    log_->add({note_kind::refusal, number, static_cast<uint64_t>(code)});
    auto is_end
      = code == ec::closed || (has_positions() && code == ec::unavailable);
    if (!is_end)
      company_->tell.say("trouble row refused: " + describe(err));
    over_ = true;
    answered();
  }

  void answered() {
    if (!over_ && !company_->last)
      send(++last_number_);
    settled();
  }

  void settled() {
    --pending_;
    end_if_done();
  }

  void end_if_done() {
    if (pending_ == 0)
      self_->quit();
  }

  row_client_actor::pointer self_;
  std::shared_ptr<client_company> company_;
  database_core_actor core_;
  session_ptr session_;
  std::optional<receipt_log> log_;
  // Sent, and without a receipt.
  std::set<uint64_t> open_;
  uint32_t client_ = 0;
  uint64_t last_number_ = 0;
  uint32_t pending_ = 0;
  bool over_ = false;
};

row_client_actor::behavior_type
row_client(row_client_actor::stateful_pointer<row_client_state> self,
           std::shared_ptr<client_company> company, uint32_t number) {
  return compat::state(self).make_behavior(std::move(company), number);
}

} // namespace

row_client_actor spawn_row_client(caf::actor_system& sys,
                                  std::shared_ptr<client_company> company,
                                  uint32_t number) {
  return sys.spawn(row_client, std::move(company), number);
}

} // namespace onewriter::test
