#include "onewriter/compat/messaging.hpp"
#include "tests/model/player_state.hpp"

namespace onewriter::test {

namespace {

// The content stands in the first value of the last statement that has one.
uint64_t content_of(const dead_letter& letter) {
  uint64_t result = 0;
  for (auto& x : letter.statements)
    if (!x.parameters.empty())
      result = row{x.parameters}.get<uint64_t>(0);
  return result;
}

} // namespace

void player::send_write(const step& x) {
  auto what = entry_of(x);
  auto version
    = what.counter < 0 ? uint64_t{0} : entries_.version(what.counter);
  what.version = version;
  what.when = {x.sender, now_ + 1, never};
  auto which = entries_.sent(what);
  tally_.sent(false);
  auto found = std::make_shared<found_version>();
  auto on_reply = [=](const caf::expected<write_receipt>& reply, moment) {
    if (reply && is_transaction(x.what))
      entries_.moved(which, found->version);
    written(x, which, reply);
  };
  if (is_write(x.what))
    ask<write_receipt>(x, database_, write_of(x, version), on_reply);
  else if (is_call(x.what))
    ask<write_receipt>(x, database_, call_of(x), on_reply);
  else
    ask<write_receipt>(x, database_, transaction_of(x, found), on_reply);
}

// Without a deadline: its outcome would be unknown.
void player::forget(const step& x) {
  auto patient = x;
  patient.patience = patience_of::endless;
  auto what = entry_of(patient);
  what.when = {x.sender, ++now_, never};
  auto which = entries_.sent(what);
  if (circumstances_.closing || plan_.tight_queue)
    entries_.may_be_refused(which);
  tally_.sent(true);
  compat::send(senders_[x.sender]->self, database_, write_of(patient, 0));
}

void player::send_best_effort(const step& x) {
  auto what = best_effort_of(x);
  efforts_.sent({x.sender, ++now_, never}, x.number, what.key,
                x.what == action::send_failing_best_effort);
  compat::send(senders_[x.sender]->self, database_, std::move(what));
}

// Its outcome is checked nowhere else: it leaves nothing in the file.
template <class Request>
void player::ask_in_vain(const step& x, Request what) {
  tally_.sent(false);
  ask<write_receipt>(x, database_, std::move(what),
                     [this](const caf::expected<write_receipt>& reply, moment) {
                       tally_.answered(reply ? ec::none
                                             : code_of(reply.error()));
                     });
}

void player::send_burden(const step& x) {
  auto what = burden_of(x);
  switch (x.pick(3, 10)) {
    case 0:
      return ask_in_vain(x, burden_write(what));
    case 1:
      return ask_in_vain(x, burden_call(what));
    default:
      return ask_in_vain(x, burden_transaction(what));
  }
}

void player::change_letter(const step& x) {
  auto found = ask_now<dead_letters>(x, database_, list_dead_letters{});
  if (!found || found->letters.empty())
    return;
  auto count = static_cast<uint32_t>(found->letters.size());
  auto& letter = found->letters[x.pick(count)];
  auto content = content_of(letter);
  auto on_reply = [=](const caf::expected<write_receipt>& reply, moment) {
    if (!reply && reply.error() == ec::outcome_unknown)
      entries_.letter_in_doubt(content);
    else if (reply && x.what == action::replay_letter)
      entries_.replayed(content);
    else if (reply)
      entries_.discarded(content);
  };
  if (x.what == action::replay_letter)
    ask<write_receipt>(x, database_, replay_dead_letter{letter.id}, on_reply);
  else
    ask<write_receipt>(x, database_, discard_dead_letter{letter.id}, on_reply);
}

void player::written(const step& x, size_t which,
                     const caf::expected<write_receipt>& reply) {
  auto code = reply ? ec::none : code_of(reply.error());
  tally_.answered(code);
  if (code == ec::outcome_unknown)
    return entries_.in_doubt(which, now_);
  if (!reply)
    return entries_.refused(which, now_);
  entries_.acknowledged(which, *reply, now_);
  if (x.what != action::write_returning)
    return;
  std::vector<entry_row> rows;
  for (auto& part : reply->returned)
    add_rows(part, rows);
  entries_.returned(which, std::move(rows));
}

} // namespace onewriter::test
