#pragma once

#include "onewriter/alert.hpp"
#include "onewriter/backup.hpp"
#include "onewriter/best_effort.hpp"
#include "onewriter/close.hpp"
#include "onewriter/compat/content.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/inspection.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/dead_letter.hpp"
#include "onewriter/ec.hpp"
#include "onewriter/failure.hpp"
#include "onewriter/index.hpp"
#include "onewriter/job.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/query.hpp"
#include "onewriter/search.hpp"
#include "onewriter/statistics.hpp"
#include "onewriter/transaction.hpp"
#include "onewriter/value.hpp"
#include "onewriter/write.hpp"

/// The start of onewriter's block of CAF type IDs, counted from
/// `caf::first_custom_type_id`; the block takes fewer than 200. The default
/// leaves the first 1,000 to the embedding program. A program that needs
/// another start builds onewriter with the CMake option of the same name:
/// library and program must agree.
#ifndef ONEWRITER_TYPE_ID_OFFSET
#  define ONEWRITER_TYPE_ID_OFFSET 1000
#endif

namespace onewriter {

/// The kind of failure that `inject_failure` causes. Values are wire format:
/// append, never renumber.
enum class failure_kind : uint8_t {
  /// The connection fails, as after an I/O error.
  connection,
  /// A C++ exception is thrown in the middle of a turn.
  exception,
};

std::string to_string(failure_kind x);

bool from_string(std::string_view str, failure_kind& x);

bool from_integer(uint8_t value, failure_kind& x);

template <class Inspector>
auto inspect(Inspector& f, failure_kind& x)
  -> decltype(compat::inspect_enum(f, x)) {
  return compat::inspect_enum(f, x);
}

/// Makes the writer fail in the middle of its next turn, for tests and drills:
/// it is restarted, and no caller notices. Error: `ec::not_allowed` unless
/// `options::allow_failure_injection` is set.
struct inject_failure {
  failure_kind kind = failure_kind::connection;
};

template <class Inspector>
auto inspect(Inspector& f, inject_failure& x) {
  return compat::inspect_object(f, x, compat::field("kind", x.kind));
}

/// Interface of a cursor.
struct cursor_trait {
  using signatures = compat::type_list<
    // Returns the next rows. Retry: not safe, because rows would be skipped.
    // Errors: ec::cursor_closed, ec::deadline_exceeded.
    caf::result<cursor_page>(next_page),
    // Ends the cursor.
    caf::result<void>(close_cursor)>;
};

using cursor_actor = compat::handle<cursor_trait>;

} // namespace onewriter

/// Calls `add` with each type of the protocol. Append only: the order makes the
/// IDs, which are part of the wire format.
#define ONEWRITER_PROTOCOL(add)                                                \
  add(ec) add(failure) add(null) add(value) add(statement) add(priority)       \
    add(write) add(write_receipt) add(best_effort) add(call) add(transaction)  \
      add(column) add(row) add(result_set) add(query) add(open_cursor)         \
        add(next_page) add(close_cursor) add(cursor_page) add(cursor_actor)    \
          add(chunked_job) add(job_receipt) add(chunked_index)                 \
            add(index_progress) add(index_receipt) add(cancel_index)           \
              add(remove_document) add(search) add(search_hit)                 \
                add(search_hits) add(dead_letter) add(list_dead_letters)       \
                  add(dead_letters) add(replay_dead_letter)                    \
                    add(discard_dead_letter) add(checkpoint)                   \
                      add(checkpoint_receipt) add(backup) add(backup_progress) \
                        add(backup_receipt) add(integrity_check)               \
                          add(integrity_report) add(close) add(close_receipt)  \
                            add(describe_database) add(database_info)          \
                              add(get_statistics) add(latency)                 \
                                add(write_counts) add(best_effort_counts)      \
                                  add(longest_write) add(statistics)           \
                                    add(alert_kind) add(alert) add(subscribe)  \
                                      add(unsubscribe) add(failure_kind)       \
                                        add(inject_failure) add(slow_request)

#define ONEWRITER_ADD_TYPE_ID(name)                                            \
  CAF_ADD_TYPE_ID(onewriter, (onewriter::name))
#define ONEWRITER_DECLARE_CONTENT(name)                                        \
  ONEWRITER_COMPAT_DECLARE_CONTENT(onewriter::name)

CAF_BEGIN_TYPE_ID_BLOCK(onewriter,
                        caf::first_custom_type_id + ONEWRITER_TYPE_ID_OFFSET)
  ONEWRITER_PROTOCOL(ONEWRITER_ADD_TYPE_ID)
CAF_END_TYPE_ID_BLOCK(onewriter)

ONEWRITER_PROTOCOL(ONEWRITER_DECLARE_CONTENT)

#undef ONEWRITER_ADD_TYPE_ID
#undef ONEWRITER_DECLARE_CONTENT

ONEWRITER_ERROR_CODE_ENUM(onewriter::ec, "onewriter")

namespace onewriter {

/// Interface of the database: the actor that callers send messages to. Each
/// message documents its effect, its reply, whether it may be retried, and its
/// errors.
struct database_trait {
  using signatures = compat::type_list<
    caf::result<write_receipt>(write), caf::result<void>(best_effort),
    caf::result<write_receipt>(call), caf::result<write_receipt>(transaction),
    caf::result<result_set>(query), caf::result<cursor_actor>(open_cursor),
    caf::result<index_receipt>(chunked_index),
    caf::result<job_receipt>(chunked_job), caf::result<void>(cancel_index),
    caf::result<job_receipt>(remove_document), caf::result<search_hits>(search),
    caf::result<dead_letters>(list_dead_letters),
    caf::result<write_receipt>(replay_dead_letter),
    caf::result<write_receipt>(discard_dead_letter),
    caf::result<statistics>(get_statistics), caf::result<void>(subscribe),
    caf::result<void>(unsubscribe), caf::result<checkpoint_receipt>(checkpoint),
    caf::result<backup_receipt>(backup),
    caf::result<integrity_report>(integrity_check),
    caf::result<database_info>(describe_database),
    caf::result<close_receipt>(close),
    // For tests and drills.
    caf::result<void>(inject_failure)>;
};

using database_actor = compat::handle<database_trait>;

} // namespace onewriter
