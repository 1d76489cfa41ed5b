#include "app/commands/import/group_sender.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace onewriter::node {

namespace {

/// Enough that the writer has a group to commit while others are on their way.
/// All of them may share a turn of the writer, for which other callers wait.
constexpr size_t max_sent = 3;

/// What a refused group does.
enum class remedy {
  /// It is sent again without one record.
  reject_one,
  /// It is taken apart: which record is to blame is not known.
  split,
  /// It is sent again, later.
  wait,
  /// The file says whether it was committed.
  find_out,
  give_up,
};

// The first statement stores the progress.
remedy remedy_for(const caf::error& err, const failure& what) {
  switch (code_of(err)) {
    case ec::unexpected_changes:
      return what.statement == 0 ? remedy::find_out : remedy::reject_one;
    case ec::outcome_unknown:
      return remedy::find_out;
    case ec::overloaded:
      return remedy::wait;
    case ec::constraint_violated:
    case ec::invalid_text:
    case ec::not_a_number:
    case ec::too_big:
      return what.statement > 0   ? remedy::reject_one
             : what.statement < 0 ? remedy::split
                                  : remedy::give_up;
    default:
      return remedy::give_up;
  }
}

} // namespace

caf::error overtaken() {
  return make_failure(ec::unexpected_changes,
                      "another process imports the same file into the same "
                      "table");
}

group_sender::group_sender(caf::actor_system& sys, client& db,
                           rejects_file& rejects, group_sender_options opts)
  : self_{sys},
    db_{db},
    rejects_{rejects},
    opts_{std::move(opts)} {
  // nop
}

caf::error group_sender::add(import_group what) {
  if (what.rejected() > 0) {
    if (auto err = finish(); err != caf::none)
      return err;
    return send_alone(std::move(what));
  }
  while (sent_.size() >= max_sent)
    if (auto err = settle_first(); err != caf::none)
      return err;
  auto& before = sent_.empty() ? opts_.progress : sent_.back().after;
  auto after = what.after(before);
  auto reply = send(what, before, after);
  sent_.push_back({std::move(what), std::move(after), std::move(reply)});
  return {};
}

caf::error group_sender::finish() {
  while (!sent_.empty())
    if (auto err = settle_first(); err != caf::none)
      return err;
  return {};
}

group_sender::response group_sender::send(const import_group& what,
                                          const import_progress& before,
                                          const import_progress& after) {
  write request{what.statements(step_of(opts_.key, before.offset, after))};
  request.priority = priority::background;
  return compat::request(self_, db_.database(), caf::infinite,
                         std::move(request));
}

caf::error group_sender::outcome_of(response& what) {
  caf::error result;
  std::move(what).receive([](write_receipt&) {},
                          [&result](caf::error& err) { result = err; });
  return result;
}

// Where a group fails, those behind it fail as well: the progress that they
// follow is not there.
caf::error group_sender::settle_first() {
  auto first = std::move(sent_.front());
  sent_.pop_front();
  if (outcome_of(first.reply) == caf::none) {
    committed(first.group, first.after);
    return {};
  }
  auto rest = std::exchange(sent_, {});
  for (auto& x : rest)
    static_cast<void>(outcome_of(x.reply));
  if (auto err = send_alone(std::move(first.group)); err != caf::none)
    return err;
  for (auto& x : rest)
    if (auto err = send_alone(std::move(x.group)); err != caf::none)
      return err;
  return {};
}

caf::error group_sender::send_alone(import_group what) {
  for (auto attempts = 0;;) {
    auto after = write_rejects(what);
    if (!after)
      return after.error();
    auto reply = send(what, opts_.progress, *after);
    auto err = outcome_of(reply);
    auto details = failure_of(err);
    if (err == caf::none) {
      committed(what, *after);
      return {};
    }
    auto is_committed = false;
    switch (remedy_for(err, details)) {
      case remedy::reject_one:
        what.reject(static_cast<size_t>(details.statement - 1),
                    details.message);
        break;
      case remedy::split:
        if (what.entries().size() > 1)
          return send_halves(what);
        what.reject(0, details.message);
        break;
      case remedy::wait:
        std::this_thread::sleep_for(std::max<std::chrono::nanoseconds>(
          details.retry_after, std::chrono::milliseconds{10}));
        break;
      case remedy::find_out:
        // Each time another owner may have ended.
        if (++attempts > 10)
          return err;
        if (auto problem = find_out(*after, is_committed); problem != caf::none)
          return problem;
        if (is_committed) {
          committed(what, *after);
          return {};
        }
        break;
      default:
        return err;
    }
  }
}

caf::error group_sender::send_halves(const import_group& what) {
  auto [first, second] = what.split();
  if (auto err = send_alone(std::move(first)); err != caf::none)
    return err;
  return send_alone(std::move(second));
}

caf::expected<import_progress>
group_sender::write_rejects(const import_group& what) {
  auto after = what.after(opts_.progress);
  if (what.rejected() == 0)
    return after;
  if (after.rejected > opts_.max_rejects) {
    auto& all = what.entries();
    auto last = std::find_if(all.rbegin(), all.rend(),
                             [](auto& x) { return !x.problem.empty(); });
    return too_many_rejects(opts_.max_rejects, last->line, last->problem);
  }
  auto size = rejects_.write(opts_.progress.rejects_bytes, what.reject_lines());
  if (!size)
    return size.error();
  after.rejects_bytes = *size;
  return after;
}

caf::error group_sender::find_out(const import_progress& after,
                                  bool& is_committed) {
  auto found = find_progress(db_, opts_.key);
  if (!found)
    return found.error();
  auto offset = *found ? (*found)->offset : 0;
  is_committed = offset == after.offset;
  if (is_committed || offset == opts_.progress.offset)
    return {};
  return overtaken();
}

void group_sender::committed(const import_group& what,
                             const import_progress& after) {
  opts_.progress = after;
  for (auto& x : what.entries())
    if (!x.problem.empty())
      opts_.rejected(x.line, x.problem);
  opts_.progressed(after);
}

} // namespace onewriter::node
