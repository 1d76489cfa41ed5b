#pragma once

#include "actors/core/session_position.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/store/session_store.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

namespace onewriter {

/// Which numbers of the sessions in use took effect, in memory: most requests
/// need no statement to find out that they are new, and the requests of a
/// session that share a transaction write one row.
///
/// For each request `find` and, if it is new and succeeds, `propose` and
/// `confirm`; `save` before the commit, then `committed`. Whenever the
/// transaction is undone, `undone`: what is kept was read from the file, or
/// committed to it. So it is of no use after a failed connection.
///
/// Runs on the writer's thread.
class session_ledger {
public:
  /// A few kilobytes for each of the processes that can share a database, or as
  /// much as a few processes with thousands of writes on their way need.
  static constexpr size_t default_bytes = 16 * 1024 * 1024;

  /// Keeps at most about `most_bytes` of sessions between two transactions: the
  /// one that was used last and as many others as there is room for.
  explicit session_ledger(sqlite::connection& db,
                          size_t most_bytes = default_bytes);

  /// Returns the receipt of the request at `position`, marked as repeated, or
  /// nothing if it is to be run. Requires a session. Errors:
  /// `ec::invalid_argument` for a number that is settled or out of range;
  /// `ec::overloaded` if the session has too many gaps between the numbers that
  /// took effect to be stored with each commit; `ec::corrupt`.
  [[nodiscard]] caf::expected<std::optional<write_receipt>>
  find(const session_position& position);

  /// Prepares the receipt of a request that was run, for which `find` was
  /// called before. A large one is stored at once, as a part of the request.
  [[nodiscard]] caf::error propose(const session_position& position,
                                   const write_receipt& receipt);

  /// Forgets what was proposed: another request begins.
  void withdraw() {
    proposed_for_ = nullptr;
  }

  /// Makes the proposed receipt part of the transaction. Does nothing if there
  /// is none. May throw `std::bad_alloc`, and has done nothing then.
  void confirm();

  /// Stores what was confirmed in the open transaction.
  [[nodiscard]] caf::error save();

  /// The transaction that was saved is committed.
  void committed() noexcept;

  /// The transaction was undone, wholly.
  void undone() noexcept;

  /// Returns how many sessions are kept.
  size_t size() const {
    return entries_.size();
  }

private:
  struct added_receipt {
    session_receipt receipt;
    bool is_apart = false;
  };

  struct entry {
    session_name name{};
    /// In the file.
    stored_session stored;
    /// `stored` after the commit; set by `save`.
    stored_session next;
    /// In the open transaction, ascending.
    std::vector<added_receipt> added;
    /// The highest mark of a request that took effect.
    uint64_t settled = 0;
    bool is_touched = false;
  };

  using entries = std::list<entry>;

  // Names are random.
  struct name_hash {
    size_t operator()(const session_name& x) const noexcept {
      size_t result;
      std::memcpy(&result, x.data(), sizeof result);
      return result;
    }
  };

  caf::expected<entry*> use(const session_name& name);

  caf::error merge(entry& what);

  caf::error move_apart(entry& what);

  void end_transaction() noexcept;

  void shrink() noexcept;

  sqlite::connection& db_;
  size_t most_bytes_;
  size_t bytes_ = 0;
  // The one that was used last is the first.
  entries entries_;
  std::unordered_map<session_name, entries::iterator, name_hash> places_;
  // Those with parts in the open transaction.
  std::vector<entry*> touched_;
  entry* proposed_for_ = nullptr;
  added_receipt proposed_;
  uint64_t proposed_mark_ = 0;
};

} // namespace onewriter
