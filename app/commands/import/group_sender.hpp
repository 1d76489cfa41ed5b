#pragma once

#include "app/commands/import/import_group.hpp"
#include "app/commands/import/rejects_file.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"

#include <cstdint>
#include <deque>
#include <functional>

namespace onewriter::node {

/// The error of an import that finds another where it has been itself.
[[nodiscard]] caf::error overtaken();

/// What the sender of groups needs to know.
struct group_sender_options {
  import_key key;
  /// What is in the file already.
  import_progress progress;
  uint64_t max_rejects = 0;
  /// Called with each step that is committed.
  std::function<void(const import_progress&)> progressed;
  /// Called with each line that is rejected, and the reason.
  std::function<void(uint64_t, const std::string&)> rejected;
};

/// Sends groups of records to a database, each as one write of low priority
/// that stores the progress as well. A few are on their way at the same time.
/// Used in one thread.
///
/// A record that the database refuses is rejected, and its group is sent again
/// without it. The rejects file is written before the transaction that counts
/// its lines, and cut to the size that is stored there before it is written
/// again; therefore a group with rejects waits for all others.
class group_sender {
public:
  group_sender(caf::actor_system& sys, client& db, rejects_file& rejects,
               group_sender_options opts);

  /// Takes the next group, and waits while too many are on their way. Errors:
  /// `ec::cancelled` for too many rejects, `ec::unexpected_changes` where
  /// another process imports the same, those of `rejects_file::write`, and
  /// those of `write` that are no fault of a record.
  [[nodiscard]] caf::error add(import_group what);

  /// Waits for all groups. Errors: as for `add`.
  [[nodiscard]] caf::error finish();

  /// What is committed.
  const import_progress& progress() const {
    return opts_.progress;
  }

private:
  using response = decltype(compat::request(
    std::declval<caf::scoped_actor&>(), std::declval<const database_actor&>(),
    caf::infinite, std::declval<write>()));

  struct sent_group {
    import_group group;
    import_progress after;
    response reply;
  };

  response send(const import_group& what, const import_progress& before,
                const import_progress& after);

  static caf::error outcome_of(response& what);

  caf::error settle_first();

  caf::error send_alone(import_group what);

  caf::error send_halves(const import_group& what);

  caf::expected<import_progress> write_rejects(const import_group& what);

  caf::error find_out(const import_progress& after, bool& is_committed);

  void committed(const import_group& what, const import_progress& after);

  caf::scoped_actor self_;
  client& db_;
  rejects_file& rejects_;
  group_sender_options opts_;
  std::deque<sent_group> sent_;
};

} // namespace onewriter::node
