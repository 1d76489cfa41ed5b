#include "actors/sqlite/log_copier.hpp"

#include <utility>

namespace onewriter::sqlite {

namespace {

// The copier needs no page in memory, the pin only those of the schema.
constexpr uint64_t copier_cache_bytes = 64 * 1024;

connection_options with_role(connection_options how, enum role what_for) {
  how.role = what_for;
  how.cache_bytes = copier_cache_bytes;
  how.statement_cache = 1;
  return how;
}

} // namespace

caf::expected<std::unique_ptr<log_copier>>
log_copier::open(const connection_options& how, const known_files& files) {
  auto copier = connection::open(with_role(how, role::copier));
  if (!copier)
    return std::move(copier.error());
  auto pin = connection::open(with_role(how, role::reader));
  if (!pin)
    return std::move(pin.error());
  auto result = std::unique_ptr<log_copier>{
    new log_copier(std::move(*copier), std::move(*pin))};
  if (auto err = result->check_files(files); err != caf::none)
    return err;
  return result;
}

log_copier::log_copier(connection_ptr copier, connection_ptr pin)
  : copier_{std::move(copier)},
    pin_{std::move(pin)} {
  // nop
}

// The names may have led elsewhere when SQLite opened the files.
caf::error log_copier::check_files(const known_files& files) const {
  auto& path = copier_->options().path;
  auto err = check_name(path, files.file);
  if (err == caf::none)
    err = check_name(path + "-wal", files.log);
  if (err == caf::none)
    err = check_name(path + "-shm", files.index);
  if (err != caf::none || !files.file)
    return err;
  if (copier_->is_file_replaced() || pin_->is_file_replaced())
    return make_failure(ec::file_replaced,
                        path + " was replaced while it was being opened");
  return {};
}

caf::expected<checkpoint_receipt> log_copier::run() {
  if (auto err = pin_->begin_read(); err != caf::none)
    return err;
  auto result = copy();
  if (!is_index_suspect())
    pin_->rollback();
  return result;
}

caf::expected<checkpoint_receipt> log_copier::copy() {
  auto result = copier_->checkpoint(checkpoint_mode::passive);
  if (result && result->log_pages == 0)
    return make_failure(ec::busy, "the index of the log was just being "
                                  "changed, or another program copies the log");
  if (result && result->checkpointed_pages > 0)
    if (auto err = copier_->sync_file(); err != caf::none)
      return err;
  return result;
}

} // namespace onewriter::sqlite
