#include "actors/store/idempotency_store.hpp"

#include "actors/store/receipt_codec.hpp"
#include "actors/support/wall_clock.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

constexpr const char* find_receipt_sql
  = "SELECT request, receipt FROM onewriter_idempotency WHERE key = ?";

// A receipt that is still there belongs to a session that was forgotten first.
constexpr const char* store_sql
  = "INSERT OR REPLACE INTO onewriter_idempotency(key, request, receipt, "
    "stored_unix_ms) "
    "VALUES(?, ?, ?, ?)";

constexpr const char* forget_receipts_sql
  = "DELETE FROM onewriter_idempotency WHERE key IN (SELECT key FROM "
    "onewriter_idempotency WHERE stored_unix_ms < ? LIMIT 1000)";

blob digest_blob(const sha256_digest& x) {
  return blob(x.begin(), x.end());
}

} // namespace

caf::expected<std::optional<write_receipt>>
find_receipt(sqlite::connection& db, const std::string& key,
             const sha256_digest& request) {
  auto found = db.run_internal(find_receipt_sql, key);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return std::optional<write_receipt>{};
  auto& line = found->rows.front();
  if (line.get<blob>(0) != digest_blob(request))
    return make_failure(ec::idempotency_mismatch,
                        "this idempotency key was used for another request; "
                        "use a new key for each request");
  auto receipt = decode_receipt(line.get<blob>(1));
  if (!receipt)
    return receipt.error();
  receipt->repeated = true;
  return std::optional<write_receipt>{std::move(*receipt)};
}

caf::error store_receipt(sqlite::connection& db, const std::string& key,
                         const sha256_digest& request,
                         const write_receipt& receipt) {
  auto stored = db.run_internal(store_sql, key, digest_blob(request),
                                encode(receipt), unix_ms_now());
  return stored ? caf::error{} : stored.error();
}

caf::error forget_receipts(sqlite::connection& db,
                           std::chrono::nanoseconds retention) {
  auto age = std::chrono::duration_cast<std::chrono::milliseconds>(retention);
  auto forgotten
    = db.run_internal(forget_receipts_sql, unix_ms_now() - age.count());
  return forgotten ? caf::error{} : forgotten.error();
}

} // namespace onewriter
