#pragma once

#include "onewriter/database.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace onewriter {

/// Talks to a database from a thread that is no actor, and blocks it until the
/// reply comes. Every function returns the reply to the message of the same
/// name. Belongs to one thread; each thread has its own.
///
///     client db{sys, database};
///     auto receipt = db.write("INSERT INTO t VALUES(?, ?)", 1, "one");
///     if (!receipt)
///       std::cerr << describe(receipt.error()) << '\n';
class client {
public:
  client(caf::actor_system& sys, database_actor database);

  client(client&&) noexcept;

  client& operator=(client&&) noexcept;

  ~client();

  /// How long to wait for a reply before the function returns
  /// `ec::deadline_exceeded`; the request may still be carried out. The default
  /// is to wait without a limit; to limit a write, give it a deadline, after
  /// which it is not carried out.
  void reply_limit(std::chrono::nanoseconds limit) {
    reply_limit_ = limit;
  }

  /// Whether the calling thread runs the database while it waits: the actors of
  /// onewriter that its request has woken, never those of other programs. On by
  /// default, because a lone thread then waits for no other thread, which takes
  /// longer than a commit without a sync. Without effect where there is a
  /// `reply_limit`: the thread cannot leave a turn that it has begun.
  ///
  /// A `scheduled` writer may then run on this thread, with the transactions of
  /// other callers, their functions and `options::functions`, and the log sink
  /// may be called here. Switch it off where these would be in the way:
  /// - The thread holds a lock that such a function takes.
  /// - The thread has a small stack, or a low priority: others would wait.
  /// - The functions depend on the thread, such as on thread-local variables.
  void caller_runs(bool on) {
    caller_runs_ = on;
  }

  // -- the common case in one line ------------------------------------------------

  template <class... Ts>
  [[nodiscard]] caf::expected<write_receipt>
  write(std::string sql, Ts&&... xs) {
    return write(onewriter::write{std::move(sql), std::forward<Ts>(xs)...});
  }

  template <class... Ts>
  [[nodiscard]] caf::expected<result_set> query(std::string sql, Ts&&... xs) {
    return query(onewriter::query{std::move(sql), std::forward<Ts>(xs)...});
  }

  template <class... Ts>
  void best_effort(std::string key, std::string sql, Ts&&... xs) {
    best_effort(onewriter::best_effort{std::move(key), std::move(sql),
                                       std::forward<Ts>(xs)...});
  }

  /// `db.call("transfer", from, to, amount)`, a function registered in
  /// `options::functions`.
  template <class... Ts>
  [[nodiscard]] caf::expected<write_receipt>
  call(std::string name, Ts&&... xs) {
    return call(onewriter::call{std::move(name), std::forward<Ts>(xs)...});
  }

  // -- everything else ----------------------------------------------------------

  [[nodiscard]] caf::expected<write_receipt> write(onewriter::write what);

  [[nodiscard]] caf::expected<write_receipt> call(onewriter::call what);

  [[nodiscard]] caf::expected<write_receipt>
  transaction(transaction_function function);

  [[nodiscard]] caf::expected<write_receipt>
  transaction(onewriter::transaction what);

  /// Never waits for SQLite. The message is dropped, and counted as
  /// `dropped_full`, if too much is already in flight to the database; unlike
  /// here, `paced_sender` returns an error then.
  void best_effort(onewriter::best_effort what);

  [[nodiscard]] caf::expected<result_set> query(onewriter::query what);

  /// Calls `visit` for each row of a result of any size, page by page, all of
  /// one snapshot, until `visit` returns false. Error: as for `open_cursor`.
  [[nodiscard]] caf::error
  for_each_row(onewriter::query what,
               const std::function<bool(const row&)>& visit);

  [[nodiscard]] caf::expected<index_receipt> index(chunked_index what);

  [[nodiscard]] caf::error cancel(cancel_index what);

  [[nodiscard]] caf::expected<job_receipt> remove(remove_document what);

  [[nodiscard]] caf::expected<job_receipt> run(chunked_job what);

  [[nodiscard]] caf::expected<search_hits> search(onewriter::search what);

  [[nodiscard]] caf::expected<onewriter::dead_letters>
  dead_letters(list_dead_letters what = {});

  [[nodiscard]] caf::expected<write_receipt> replay(int64_t dead_letter);

  [[nodiscard]] caf::expected<write_receipt> discard(int64_t dead_letter);

  [[nodiscard]] caf::expected<onewriter::statistics> statistics();

  [[nodiscard]] caf::expected<checkpoint_receipt>
  checkpoint(onewriter::checkpoint what = {});

  [[nodiscard]] caf::expected<backup_receipt> backup(onewriter::backup what);

  [[nodiscard]] caf::expected<integrity_report>
  check_integrity(integrity_check what = {});

  [[nodiscard]] caf::expected<database_info> describe();

  /// Closes the database for all callers.
  [[nodiscard]] caf::expected<close_receipt> close(onewriter::close what = {});

  const database_actor& database() const {
    return database_;
  }

private:
  template <class Reply, class Handle, class Request>
  caf::expected<Reply> ask(const Handle& whom, Request&& what);

  struct thread;

  std::unique_ptr<thread> thread_;
  database_actor database_;
  std::chrono::nanoseconds reply_limit_ = std::chrono::nanoseconds::max();
  bool caller_runs_ = true;
};

/// A database that is open for as long as the object lives, with a client to
/// it. The destructor drains accepted requests, for at most 30 seconds, and
/// closes the database.
///
///     auto db = scoped_database::open(sys, opts);
///     if (!db)
///       return std::cerr << describe(db.error()) << '\n', 1;
///     (*db)->write("INSERT INTO t VALUES(?)", 1);
class scoped_database {
public:
  /// Opens the file. Errors: as for `open_database`.
  [[nodiscard]] static caf::expected<scoped_database>
  open(caf::actor_system& sys, options opts);

  /// Takes over a database that is open.
  scoped_database(caf::actor_system& sys, database_actor database)
    : client_{std::make_unique<client>(sys, std::move(database))} {
    // nop
  }

  scoped_database(scoped_database&&) = default;

  scoped_database& operator=(scoped_database&&) = delete;

  ~scoped_database();

  client* operator->() {
    return client_.get();
  }

  client& operator*() {
    return *client_;
  }

  const database_actor& handle() const {
    return client_->database();
  }

private:
  std::unique_ptr<client> client_;
};

} // namespace onewriter
