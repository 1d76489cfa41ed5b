#include "actors/sharing/relay/receipt_hub.hpp"

#include "actors/sharing/relay/home_actor.hpp"
#include "actors/sharing/relay/reply_size.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/crossing.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

/// The sessions for which there are answers.
class receipt_hub::box_list {
public:
  void wake(caf::actor whom) {
    std::lock_guard guard{mutex_};
    whom_ = std::move(whom);
  }

  // The network may end next.
  void wake_none() {
    wake(nullptr);
  }

  // `put_in` has no effect if it throws.
  template <class Put>
  void put(const std::shared_ptr<box>& to, Put put_in);

  std::vector<std::shared_ptr<box>> take() {
    std::lock_guard guard{mutex_};
    return std::exchange(filled_, {});
  }

  settled_writes take_content(box& from);

private:
  std::mutex mutex_;
  caf::actor whom_;
  // In the order of their first answers.
  std::vector<std::shared_ptr<box>> filled_;
};

/// The answers for one session.
class receipt_hub::box final : public write_replies,
                               public std::enable_shared_from_this<box> {
public:
  box(std::shared_ptr<box_list> all, const session_actor& for_whom)
    : session{caf::actor_cast<caf::weak_actor_ptr>(for_whom)},
      all_{std::move(all)} {
    // nop
  }

  void put(const write_ticket& which, write_receipt&& receipt) override {
    put_any(which, size_of_reply(receipt), [&](reply_batch& to) {
      auto& added = to.receipts.emplace_back();
      added.number = which.number;
      added.what = std::move(receipt);
    });
  }

  void put(const write_ticket& which, const caf::error& reason) override {
    put_any(which, plain_reply_bytes, [&](reply_batch& to) {
      to.others.push_back({which.number, caf::make_message(reason)});
    });
  }

  caf::actor_addr source() const override {
    return caf::actor_cast<caf::actor_addr>(session);
  }

  const caf::weak_actor_ptr session;
  // Belongs to the list, with its lock.
  settled_writes content;

private:
  template <class Put>
  void put_any(const write_ticket& which, size_t bytes, Put put_in) {
    all_->put(shared_from_this(), [&](settled_writes& to) {
      put_in(to.what);
      to.what.bytes += bytes;
      ++to.count;
      to.request_bytes += which.bytes;
    });
  }

  const std::shared_ptr<box_list> all_;
};

template <class Put>
void receipt_hub::box_list::put(const std::shared_ptr<box>& to, Put put_in) {
  std::lock_guard guard{mutex_};
  auto is_new = to->content.count == 0;
  if (is_new)
    filled_.reserve(filled_.size() + 1);
  put_in(to->content);
  if (is_new)
    filled_.push_back(to);
  if (is_new && filled_.size() == 1 && whom_)
    must_send(whom_, replies_ready{});
}

settled_writes receipt_hub::box_list::take_content(box& from) {
  std::lock_guard guard{mutex_};
  return std::exchange(from.content, {});
}

/// Runs on the thread of the network.
class receipt_hub::state {
public:
  explicit state(caf::event_based_actor* self) : self_{self} {
    // nop
  }

  caf::behavior make_behavior(std::shared_ptr<box_list> boxes) {
    boxes_ = std::move(boxes);
    return {
      [this](replies_ready) { hand_out(); },
    };
  }

  static inline const char* name = "onewriter.receipt_hub";

private:
  void hand_out() {
    for (auto& x : boxes_->take()) {
      auto session = caf::actor_cast<caf::actor>(x->session);
      auto content = boxes_->take_content(*x);
      if (session)
        insist([&] { compat::send_across(self_, session, content); });
    }
  }

  caf::event_based_actor* self_;
  std::shared_ptr<box_list> boxes_;
};

receipt_hub::receipt_hub(caf::actor_system& sys)
  : boxes_{std::make_shared<box_list>()} {
  using actor = home_actor<caf::event_based_actor, state>;
  wakes_ = caf::actor_cast<caf::actor>(sys.spawn<actor>(boxes_));
  boxes_->wake(wakes_);
}

receipt_hub::~receipt_hub() {
  boxes_->wake_none();
  must_stop(wakes_);
}

std::shared_ptr<write_replies>
receipt_hub::replies_for(const session_actor& session) {
  return std::make_shared<box>(boxes_, session);
}

} // namespace onewriter
