#include "actors/reader/worker/reader_context.hpp"

#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

void reader_closer::operator()(sqlite::connection* db) const noexcept {
  delete db;
  shared->gate.leave();
}

caf::expected<reader_connection> open_reader(const options& opts,
                                             const metrics_ptr& shared) {
  if (!shared->gate.enter())
    return make_failure(ec::busy, "the write-ahead log is being read again");
  try {
    auto how = sqlite::connection_options::from(opts, sqlite::role::reader);
    how.stop = &shared->gate.is_shut();
    how.closing = &shared->refuses_rest;
    auto db = sqlite::connection::open(how);
    if (db)
      return reader_connection{db->release(), {shared}};
    shared->gate.leave();
    return std::move(db.error());
  } catch (...) {
    shared->gate.leave();
    return thrown_error("opening the file");
  }
}

caf::error stopped_by_gate() {
  return make_failure(ec::unavailable,
                      "a sync of the database file failed, and its connections "
                      "have to be opened again: send the request again");
}

caf::error stopped_by_closing() {
  return make_failure(ec::closed, "the database was closed while another "
                                  "program held the file's lock");
}

void close_reader(reader_connection& db, const options& opts) {
  if (!db)
    return;
  auto err = db->close();
  db.reset();
  if (err != caf::none && opts.log)
    opts.log(log_level::warning,
             "a reader's connection was not closed: " + describe(err));
}

} // namespace onewriter
