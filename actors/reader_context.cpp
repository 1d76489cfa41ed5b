#include "actors/reader_context.hpp"

#include "messages/failure.hpp"

namespace onewriter {

caf::expected<std::unique_ptr<sqlite::connection>>
open_reader(const options& opts) {
  return sqlite::connection::open(
    sqlite::connection_options::from(opts, sqlite::role::reader));
}

void close_reader(std::unique_ptr<sqlite::connection>& db,
                  const options& opts) {
  if (!db)
    return;
  auto err = db->close();
  db.reset();
  if (err != caf::none && opts.log)
    opts.log(log_level::warning,
             "a connection that reads was not closed: " + describe(err));
}

} // namespace onewriter
