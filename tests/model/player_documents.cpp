#include "tests/model/player_state.hpp"

namespace onewriter::test {

void player::send_index(const step& x) {
  auto what = document_of(x);
  what.when = {x.sender, now_ + 1, never};
  auto path = folder_.file("version-" + std::to_string(what.version));
  auto which = documents_.sent(what);
  ask<index_receipt>(x, database_, index_of(x, path),
                     [=](const caf::expected<index_receipt>& reply, moment) {
                       auto code = reply ? ec::none : code_of(reply.error());
                       auto goes_on
                         = code == ec::closed && x.what == action::index_file;
                       if (reply)
                         documents_.done(which, now_);
                       else if (goes_on || code == ec::outcome_unknown)
                         documents_.may_be_done(which, now_);
                       else
                         documents_.failed(which, now_);
                     });
}

void player::send_remove(const step& x) {
  auto what = document_of(x);
  what.when = {x.sender, now_ + 1, never};
  auto which = documents_.sent(what);
  ask<job_receipt>(x, database_, remove_document{"notes", what.key},
                   [=](const caf::expected<job_receipt>& reply, moment) {
                     if (reply)
                       documents_.done(which, now_);
                     else
                       documents_.may_be_done(which, now_);
                   });
}

void player::send_search(const step& x) {
  search what;
  what.index = "notes";
  what.expression = common_word;
  what.max_hits = 10'000;
  ask<search_hits>(
    x, database_, what,
    [this](const caf::expected<search_hits>& reply, moment sent) {
      if (reply)
        documents_.saw(sent, now_, *reply);
      else if (reply.error() == ec::no_such_index)
        documents_.saw(sent, now_, search_hits{});
    });
}

} // namespace onewriter::test
