#pragma once

#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter {

/// Opens the database at `opts.path` for this process, whichever process owns
/// the file. The first process that opens it owns it; all others talk to that
/// one, on the loopback interface. When the owner closes the database or ends,
/// in any way, one of the others takes over.
///
/// Requests whose replies have not come then are sent again, to the next owner,
/// so that callers see a pause and no error. A `write` or `call` that waits for
/// a reply gets an idempotency key where it has none, so that it is carried out
/// once. Exceptions: messages without a reply may be lost with the owner;
/// cursors end with it (`ec::cursor_closed` or `ec::unavailable`). Without an
/// owner for longer than `options::lock_patience`, or with one that stands
/// still for two seconds longer, requests get `ec::unavailable`, or
/// `ec::outcome_unknown` where they may have been carried out. Deadlines go on
/// while there is no owner.
///
/// In a process that is not the owner,
/// - the options of the owner apply, and `opts` those when this process takes
///   over;
/// - `transaction` and `chunked_job` get `ec::not_allowed`: functions cannot be
///   sent. Use `call`, and register the same functions in all processes;
/// - `close` waits for the replies and leaves; the owner keeps the file open;
/// - `inject_failure` gets `ec::not_allowed`.
///
/// Results get `ec::overloaded` while this process has not taken as many bytes
/// of earlier ones as `options::max_result_bytes` of the owner says: ask for
/// fewer at a time, or use a cursor. A process that takes nothing is dropped,
/// and joins again when it goes on.
///
/// Only processes of the same user, and of root, can join: connections of other
/// users are closed before anything is read, and the lock file, `<path>-owner`,
/// holds a secret that both sides have to prove to know.
/// All processes need the same generation of CAF and the same version of
/// onewriter's protocol. Where CAF was built without its middleman (caf_io),
/// no process can join: `ec::busy`.
///
/// The handle belongs to `sys`, which does not end before `close` was answered:
/// `scoped_database{sys, *open(sys, opts)}` sees to that. Errors: those of
/// `open_database`, and `ec::invalid_argument` where the owner has another CAF
/// or protocol. Must be called from a thread that is not an actor.
[[nodiscard]] caf::expected<database_actor> open(caf::actor_system& sys,
                                                 options opts);

} // namespace onewriter
