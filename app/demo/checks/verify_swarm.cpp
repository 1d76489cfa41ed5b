#include "app/demo/checks/session_check.hpp"
#include "app/demo/checks/verify_parts.hpp"
#include "app/demo/core/node_schema.hpp"

namespace onewriter::node {

namespace {

constexpr const char* wrong_connects_sql
  = "SELECT count(*) FROM peer LEFT JOIN (SELECT peer, count(*) AS sessions "
    "FROM session GROUP BY peer) AS s ON s.peer = peer.id "
    "WHERE connects <> coalesce(sessions, 0)";

constexpr const char* last_updates_sql
  = "SELECT id, update_number FROM peer WHERE update_run = ? ORDER BY id";

// The record of `peer`, looking from `from` on; null where there is none.
const peer_record* find(const std::vector<peer_record>& ledgers, size_t& from,
                        int64_t peer) {
  while (from < ledgers.size() && ledgers[from].peer < peer)
    ++from;
  return from < ledgers.size() && ledgers[from].peer == peer ? &ledgers[from]
                                                             : nullptr;
}

} // namespace

checks verify_sessions(raw_file& file, const expected_state& what) {
  session_audit audit{what.records};
  file.for_each(all_sessions_sql, {what.run}, [&](const raw_row& x) {
    audit.row(x.integer(0), static_cast<uint64_t>(x.integer(1)), x.integer(2));
  });
  return session_checks(audit.finish(), "raw SQL");
}

checks verify_peers(raw_file& file, const expected_state&) {
  return {
    counted("each peer has as many sessions as connects",
            file.number(wrong_connects_sql),
            format_count(file.number("SELECT count(*) FROM peer"), "peer"))};
}

checks verify_domains(raw_file& file, const expected_state& what) {
  auto sum = sum_of(what.records);
  auto least = what.versions_before + sum.domain_updates;
  auto found = file.number(sum_versions_sql);
  auto holds = found >= least && found <= least + sum.domain_unknown;
  return {{"each domain update was applied once", holds,
           holds ? format_count(sum.domain_updates, "update")
                 : with_separators(found) + " versions, not "
                     + with_separators(least)}};
}

// Of best-effort messages the newest wins: it must be there, unless messages
// were dropped.
checks verify_updates(raw_file& file, const expected_state& what) {
  auto& counts = what.database.best_effort;
  auto lossless = counts.written + counts.coalesced == counts.submitted;
  uint64_t wrong = 0;
  size_t position = 0;
  file.for_each(last_updates_sql, {what.run}, [&](const raw_row& x) {
    auto record = find(what.records, position, x.integer(0));
    auto last = static_cast<uint64_t>(x.integer(1));
    if (record == nullptr || last > record->peer_updates
        || (lossless && last < record->peer_updates))
      ++wrong;
  });
  return {counted("each peer has its newest update", wrong,
                  lossless ? "nothing dropped" : "some were dropped")};
}

} // namespace onewriter::node
