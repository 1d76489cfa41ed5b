#pragma once

#include "messages/alert.hpp"
#include "messages/compat.hpp"
#include "messages/dead_letter.hpp"
#include "messages/ec.hpp"
#include "messages/failure.hpp"
#include "messages/index.hpp"
#include "messages/job.hpp"
#include "messages/maintenance.hpp"
#include "messages/query.hpp"
#include "messages/statistics.hpp"
#include "messages/transaction.hpp"
#include "messages/value.hpp"
#include "messages/write.hpp"

/// Where our block of CAF type IDs starts, counted from
/// `caf::first_custom_type_id`; the block takes fewer than 200. The default
/// leaves the first 1,000 to the embedding program. A program that needs
/// another place builds onewriter with the CMake option of the same name:
/// library and program have to agree.
#ifndef ONEWRITER_TYPE_ID_OFFSET
#  define ONEWRITER_TYPE_ID_OFFSET 1000
#endif

namespace onewriter {

/// What the writer's failure looks like that `inject_failure` causes. Values
/// are wire format: append, never renumber.
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
/// it is restarted, and no caller notices. Ignored unless
/// `options::allow_failure_injection` is set: `ec::not_allowed`.
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
    // Returns the next rows. Retry: not safe, rows would be skipped. Errors:
    // ec::cursor_closed, ec::deadline_exceeded.
    caf::result<cursor_page>(next_page),
    // Ends the cursor.
    caf::result<void>(close_cursor)>;
};

using cursor_actor = compat::handle<cursor_trait>;

} // namespace onewriter

// Append only: IDs are part of the wire format.
CAF_BEGIN_TYPE_ID_BLOCK(onewriter,
                        caf::first_custom_type_id + ONEWRITER_TYPE_ID_OFFSET)

  CAF_ADD_TYPE_ID(onewriter, (onewriter::ec))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::failure))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::null))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::value))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::statement))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::priority))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::write))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::write_receipt))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::best_effort))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::call))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::transaction))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::column))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::row))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::result_set))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::query))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::open_cursor))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::next_page))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::close_cursor))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::cursor_page))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::cursor_actor))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::chunked_job))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::job_receipt))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::chunked_index))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::index_progress))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::index_receipt))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::cancel_index))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::remove_document))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::search))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::search_hit))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::search_hits))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::dead_letter))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::list_dead_letters))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::dead_letters))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::replay_dead_letter))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::discard_dead_letter))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::checkpoint))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::checkpoint_receipt))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::backup))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::backup_progress))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::backup_receipt))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::integrity_check))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::integrity_report))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::close))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::close_receipt))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::describe_database))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::database_info))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::get_statistics))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::latency))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::write_counts))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::best_effort_counts))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::longest_write))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::statistics))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::alert_kind))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::alert))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::subscribe))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::unsubscribe))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::failure_kind))
  CAF_ADD_TYPE_ID(onewriter, (onewriter::inject_failure))

CAF_END_TYPE_ID_BLOCK(onewriter)

ONEWRITER_ERROR_CODE_ENUM(onewriter::ec, "onewriter")

namespace onewriter {

/// Interface of the database: what callers talk to. The messages say what they
/// do, what the reply means, whether they may be retried and which errors come.
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
