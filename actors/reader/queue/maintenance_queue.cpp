#include "actors/reader/queue/maintenance_queue.hpp"

#include "actors/support/thrown.hpp"

#include <utility>

namespace onewriter {

caf::error maintenance_queue::check_room() const {
  if (waiting_.size() < max_waiting)
    return {};
  return too_much_maintenance(waiting_.size());
}

void maintenance_queue::push(pending_maintenance what, time_point expires) {
  waiting_.push_back(std::move(what), expires);
}

std::optional<pending_maintenance> maintenance_queue::next() {
  if (is_running() || waiting_.empty())
    return std::nullopt;
  return waiting_.pop();
}

maintenance_queue::time_point maintenance_queue::next_expiry() const {
  return waiting_.next_expiry();
}

void maintenance_queue::refuse_expired(time_point now) {
  onewriter::refuse_expired(waiting_, now);
}

void maintenance_queue::refuse_waiting(const caf::error& reason) {
  refuse_all(waiting_, reason);
}

void maintenance_queue::started(sqlite_backup_actor worker) {
  worker_ = std::move(worker);
}

void maintenance_queue::finished() {
  worker_ = nullptr;
}

void maintenance_queue::forget(const caf::actor_addr& who) {
  if (worker_ && worker_.address() == who)
    finished();
}

bool maintenance_queue::is_running() const {
  return worker_ != nullptr;
}

void maintenance_queue::cancel_running(const caf::error& reason) const {
  if (worker_)
    must_send(worker_, cancel_maintenance{reason});
}

} // namespace onewriter
