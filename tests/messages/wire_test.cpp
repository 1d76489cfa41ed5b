// What travels between nodes, through CAF's serialization and back. Messages
// are compared field by field: a field that is added to a message has to be
// added to the list here, or this file does not compile.
#include "messages/compat/serialization.hpp"
#include "onewriter/protocol.hpp"
#include "tests/catch.hpp"
#include "tests/fixture.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

using int_limits = std::numeric_limits<int64_t>;
using double_limits = std::numeric_limits<double>;

// -- fields ---------------------------------------------------------------------------

auto fields(const failure& x) {
  auto& [a, b, c, d, e] = x;
  return std::tie(a, b, c, d, e);
}

auto fields(const statement& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const write& x) {
  auto& [a, b, c, d, e] = x;
  return std::tie(a, b, c, d, e);
}

auto fields(const write_receipt& x) {
  auto& [a, b, c, d, e, f] = x;
  return std::tie(a, b, c, d, e, f);
}

auto fields(const best_effort& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const call& x) {
  auto& [a, b, c, d, e, f] = x;
  return std::tie(a, b, c, d, e, f);
}

auto fields(const column& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const row& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const result_set& x) {
  auto& [a, b, c] = x;
  return std::tie(a, b, c);
}

auto fields(const query& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const open_cursor& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const next_page&) {
  return std::tuple<>{};
}

auto fields(const close_cursor&) {
  return std::tuple<>{};
}

auto fields(const cursor_page& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const job_receipt& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const chunked_index& x) {
  auto& [a, b, c, d, e] = x;
  return std::tie(a, b, c, d, e);
}

auto fields(const index_progress& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const index_receipt& x) {
  auto& [a, b, c, d, e, f, g, h] = x;
  return std::tie(a, b, c, d, e, f, g, h);
}

auto fields(const cancel_index& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const remove_document& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const search& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const search_hit& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const search_hits& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const dead_letter& x) {
  auto& [a, b, c, d, e, f, g, h, i, j, k, l] = x;
  return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
}

auto fields(const list_dead_letters& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const dead_letters& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const replay_dead_letter& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const discard_dead_letter& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const checkpoint& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const checkpoint_receipt& x) {
  auto& [a, b, c] = x;
  return std::tie(a, b, c);
}

auto fields(const backup& x) {
  auto& [a, b, c] = x;
  return std::tie(a, b, c);
}

auto fields(const backup_progress& x) {
  auto& [a, b, c] = x;
  return std::tie(a, b, c);
}

auto fields(const backup_receipt& x) {
  auto& [a, b, c] = x;
  return std::tie(a, b, c);
}

auto fields(const integrity_check& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const integrity_report& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const onewriter::close& x) {
  auto& [a, b] = x;
  return std::tie(a, b);
}

auto fields(const close_receipt& x) {
  auto& [a, b, c, d, e] = x;
  return std::tie(a, b, c, d, e);
}

auto fields(const describe_database&) {
  return std::tuple<>{};
}

auto fields(const database_info& x) {
  auto& [a, b, c, d, e, f, g] = x;
  return std::tie(a, b, c, d, e, f, g);
}

auto fields(const get_statistics&) {
  return std::tuple<>{};
}

auto fields(const latency& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const write_counts& x) {
  auto& [a, b, c, d, e, f, g, h] = x;
  return std::tie(a, b, c, d, e, f, g, h);
}

auto fields(const best_effort_counts& x) {
  auto& [a, b, c, d, e, f, g, h, i] = x;
  return std::tie(a, b, c, d, e, f, g, h, i);
}

auto fields(const longest_write& x) {
  auto& [a, b, c] = x;
  return std::tie(a, b, c);
}

auto fields(const slow_request& x) {
  auto& [a, b, c, d] = x;
  return std::tie(a, b, c, d);
}

auto fields(const statistics& x) {
  auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w,
         aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, mm, nn, oo, pp, qq, rr]
    = x;
  return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u,
                  v, w, aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll, mm, nn,
                  oo, pp, qq, rr);
}

auto fields(const alert& x) {
  auto& [a, b, c, d, e, f] = x;
  return std::tie(a, b, c, d, e, f);
}

auto fields(const subscribe& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const unsubscribe& x) {
  auto& [a] = x;
  return std::tie(a);
}

auto fields(const inject_failure& x) {
  auto& [a] = x;
  return std::tie(a);
}

// -- comparing --------------------------------------------------------------------------

template <class T, class = void>
struct has_fields : std::false_type {};

template <class T>
struct has_fields<T, std::void_t<decltype(fields(std::declval<const T&>()))>>
  : std::true_type {};

template <class T>
struct is_vector : std::false_type {};

template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class T>
bool same(const T& x, const T& y) {
  if constexpr (has_fields<T>::value) {
    auto compare = [&](auto&... xs) {
      return std::apply([&](auto&... ys) { return (same(xs, ys) && ...); },
                        fields(y));
    };
    return std::apply(compare, fields(x));
  } else if constexpr (std::is_same_v<T, blob>) {
    return x == y;
  } else if constexpr (is_vector<T>::value) {
    auto result = x.size() == y.size();
    for (size_t i = 0; result && i < x.size(); ++i)
      result = same(x[i], y[i]);
    return result;
  } else if constexpr (std::is_same_v<T, double>) {
    return std::memcmp(&x, &y, sizeof x) == 0;
  } else {
    return x == y;
  }
}

class wire_fixture : public onewriter::test::fixture {
public:
  template <class T>
  T through(const T& x) {
    compat::byte_buffer bytes;
    REQUIRE(compat::serialize(sys, x, bytes) == caf::none);
    T result{};
    REQUIRE(compat::deserialize(sys, bytes, result) == caf::none);
    return result;
  }

  /// Whether the other side takes `x`.
  template <class T>
  bool arrives(const T& x) {
    compat::byte_buffer bytes;
    REQUIRE(compat::serialize(sys, x, bytes) == caf::none);
    T result{};
    return compat::deserialize(sys, bytes, result) == caf::none;
  }

  /// Sends `x` alone, and as the content of a message, which takes a type ID.
  template <class T>
  void check_survives(const T& x) {
    INFO(caf::deep_to_string(x));
    CHECK(same(through(x), x));
    auto message = through(caf::make_message(x));
    REQUIRE(message.template match_elements<T>());
    CHECK(same(message.template get_as<T>(0), x));
    // Nothing is read beyond the end of what was cut off.
    compat::byte_buffer bytes;
    REQUIRE(compat::serialize(sys, x, bytes) == caf::none);
    if (bytes.empty())
      return;
    bytes.pop_back();
    T cut;
    CHECK(compat::deserialize(sys, bytes, cut) != caf::none);
  }
};

double nan_with_bits() {
  uint64_t bits = 0x7ff800000000beefu;
  double result = 0;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

std::vector<value> all_values() {
  return {
    null{},
    0,
    -1,
    int_limits::min(),
    int_limits::max(),
    0.0,
    -0.0,
    0.1,
    double_limits::min(),
    double_limits::denorm_min(),
    double_limits::max(),
    double_limits::lowest(),
    double_limits::infinity(),
    -double_limits::infinity(),
    nan_with_bits(),
    "",
    "text",
    std::string(1, '\0'),
    std::string("a\0b", 3),
    "\xf0\x9f\x90\x9d",
    "\xff is no UTF-8",
    std::string(127, 'x'),
    std::string(128, 'x'),
    std::string(65'536, 'x'),
    std::string(3'000'000, 'x'),
    blob{},
    blob{std::byte{0}},
    blob{std::byte{0xff}, std::byte{0}, std::byte{'a'}},
    blob(128, std::byte{1}),
    blob(3'000'000, std::byte{2}),
  };
}

statement full_statement() {
  auto result = statement{"SELECT :a, :b", named(":a", 1), named(":b", "x")};
  result.expected_changes = 7;
  return result;
}

result_set full_result() {
  result_set result;
  result.columns = {{"a", "INTEGER"}, {"", ""}};
  result.rows = {row{{1, "x"}}, row{{null{}, blob{}}}, row{}};
  result.truncated = true;
  return result;
}

query full_query() {
  query result;
  result.what = full_statement();
  result.max_rows = 1;
  result.max_bytes = std::numeric_limits<uint64_t>::max();
  result.deadline = 3ns;
  return result;
}

dead_letter full_letter() {
  dead_letter result;
  result.id = 1;
  result.statements = {full_statement(), statement{}};
  result.function = "f";
  result.arguments = {1, "x", null{}};
  result.priority = priority::background;
  result.idempotency_key = "key";
  result.code = ec::constraint_violated;
  result.error = "error";
  result.attempts = 2;
  result.first_unix_ms = int_limits::min();
  result.last_unix_ms = int_limits::max();
  result.is_cut = true;
  return result;
}

statistics full_statistics() {
  statistics x;
  // Each number occurs once, so that fields that are exchanged are noticed.
  uint64_t next = 1;
  auto fill = [&](auto&... numbers) {
    ((numbers = next++), ...);
  };
  auto& w = x.writes;
  fill(w.submitted, w.acknowledged, w.failed, w.refused, w.expired, w.unknown,
       w.pending, w.pending_bytes);
  auto& b = x.best_effort;
  fill(b.submitted, b.written, b.coalesced, b.dropped_full, b.dropped_too_big,
       b.dropped_closed, b.dropped_unknown, b.failed, b.pending);
  fill(x.queries, x.failed_queries, x.searches, x.pending_queries,
       x.depth_urgent, x.depth_normal, x.depth_best_effort, x.depth_chunk,
       x.depth_background, x.commits, x.committed_requests, x.dead_letters,
       x.writer_restarts, x.reader_restarts, x.batches_repeated, x.lock_waits,
       x.slow_statements, x.checkpoints, x.wal_bytes, x.database_bytes,
       x.index_jobs, x.open_cursors, x.dropped_processes, x.refused_processes);
  auto duration = [&] {
    return std::chrono::nanoseconds{next++};
  };
  for (auto l : {&x.write_latency, &x.urgent_latency, &x.background_latency,
                 &x.best_effort_latency, &x.chunk_latency, &x.query_latency,
                 &x.search_latency})
    *l = {next++, duration(), duration(), duration()};
  x.oldest_pending = duration();
  x.oldest_reader = duration();
  x.requests_per_second = 0.25;
  x.commits_per_second = -0.0;
  x.longest = {duration(), "sender", "SQL"};
  x.last_turned_away = "a process";
  x.state = "open";
  x.slowest = {{duration(), 1'700'000'000'000, "normal", "SQL"},
               {duration(), 1, "query", ""}};
  return x;
}

} // namespace

TEST_CASE_METHOD(wire_fixture, "every value travels exactly as it is") {
  for (auto& x : all_values()) {
    auto back = through(x);
    CHECK(back.data.index() == x.data.index());
    CHECK((back == x));
  }
  auto all = through(all_values());
  CHECK(same(all, all_values()));
  // An empty blob, an empty text and NULL stay apart.
  CHECK(through(value{blob{}}).data.index() == 4);
  CHECK(through(value{""}).data.index() == 3);
  CHECK(through(value{}).data.index() == 0);
  CHECK(std::signbit(std::get<double>(through(value{-0.0}).data)));
  auto overwritten = value{"something else"};
  compat::byte_buffer bytes;
  REQUIRE(compat::serialize(sys, value{5}, bytes) == caf::none);
  REQUIRE(compat::deserialize(sys, bytes, overwritten) == caf::none);
  CHECK((overwritten == value{5}));
}

TEST_CASE_METHOD(wire_fixture, "writes and their receipts travel") {
  check_survives(statement{});
  check_survives(full_statement());
  write what;
  what.statements = {full_statement(), statement{"SELECT 1"}};
  what.statements[1].parameters = {null{}, -0.0, blob{}};
  what.priority = priority::urgent;
  what.deadline = 1ns;
  what.run_limit = std::chrono::nanoseconds::max();
  what.idempotency_key = std::string("k\0y", 3);
  check_survives(write{});
  check_survives(what);
  write_receipt receipt;
  receipt.commit = std::numeric_limits<uint64_t>::max();
  receipt.shared = std::numeric_limits<uint32_t>::max();
  receipt.changes = int_limits::max();
  receipt.last_insert_rowid = int_limits::min();
  receipt.returned = {full_result(), result_set{}};
  receipt.repeated = true;
  check_survives(write_receipt{});
  check_survives(receipt);
  best_effort update;
  update.key = "key";
  update.what = full_statement();
  check_survives(update);
  call function;
  function.name = "f";
  function.arguments = {1, "x"};
  function.priority = priority::background;
  function.deadline = -1ns;
  function.run_limit = 2ns;
  function.idempotency_key = "key";
  check_survives(call{});
  check_survives(function);
}

TEST_CASE_METHOD(wire_fixture, "queries, cursors and results travel") {
  check_survives(query{});
  check_survives(full_query());
  check_survives(column{"name", "TYPE"});
  check_survives(row{{1, null{}, "x"}});
  check_survives(result_set{});
  check_survives(full_result());
  open_cursor cursor;
  cursor.what = full_query();
  cursor.idle_limit = 5ns;
  check_survives(cursor);
  check_survives(next_page{});
  check_survives(close_cursor{});
  cursor_page page;
  page.rows = full_result();
  page.last = true;
  check_survives(page);
}

TEST_CASE_METHOD(wire_fixture, "index messages travel") {
  check_survives(chunked_index{"index", "key", "/path", "text", {}});
  check_survives(index_progress{"index", "key", 3, 4});
  check_survives(index_receipt{true, false, true, 1, 2, 3, 4ns, 5});
  check_survives(index_receipt{false, true, false, 5, 4, 3, 2ns, 1});
  check_survives(cancel_index{"index", "key"});
  check_survives(remove_document{"index", "key"});
  check_survives(search{"index", "expression", 10'000, 5ns});
  check_survives(search_hit{"key", 5, "[snippet]", -0.5});
  check_survives(search_hits{{{"a", 1, "b", 0.5}, {"", 0, "", -0.0}}});
  check_survives(job_receipt{1, 2, 3, 4ns});
}

TEST_CASE_METHOD(wire_fixture, "dead letters travel") {
  check_survives(full_letter());
  check_survives(dead_letters{{full_letter(), dead_letter{}}, true});
  check_survives(list_dead_letters{5, 6});
  check_survives(replay_dead_letter{int_limits::max()});
  check_survives(discard_dead_letter{int_limits::min()});
}

TEST_CASE_METHOD(wire_fixture, "maintenance messages travel") {
  check_survives(checkpoint{true});
  check_survives(checkpoint_receipt{1, 2, true});
  check_survives(backup{"/path", true, {}});
  check_survives(backup_progress{"/path", 1, 2});
  check_survives(backup_receipt{"/path", 1, 2});
  check_survives(integrity_check{true, 3ns});
  check_survives(integrity_report{{"one", "two"}});
  check_survives(onewriter::close{false, 3ns});
  check_survives(close_receipt{true, 1, true, 2, full_statistics()});
  check_survives(describe_database{});
  check_survives(database_info{"/path", "3.40.1", true, "normal", 4'096, 4, 7});
}

TEST_CASE_METHOD(wire_fixture, "statistics, alerts and drills travel") {
  check_survives(get_statistics{});
  check_survives(latency{1, 2ns, 3ns, 4ns});
  check_survives(write_counts{1, 2, 3, 4, 5, 6, 7, 8});
  check_survives(best_effort_counts{1, 2, 3, 4, 5, 6, 7, 8, 9});
  check_survives(longest_write{1ns, "sender", "SQL"});
  check_survives(full_statistics());
  for (uint8_t i = 0; i < alert_kind_count; ++i) {
    alert x{alert_kind::failed, i % 2 == 0, 0.1, -0.0, "message", i};
    REQUIRE(from_integer(i, x.kind));
    check_survives(x);
  }
  // With listeners it is CAF's business.
  check_survives(subscribe{});
  check_survives(unsubscribe{});
  check_survives(inject_failure{failure_kind::exception});
}

TEST_CASE_METHOD(wire_fixture, "a number that no enum has does not arrive") {
  write one{"SELECT 1"};
  one.priority = static_cast<priority>(77);
  CHECK_FALSE(arrives(one));
  call two{"f"};
  two.priority = static_cast<priority>(3);
  CHECK_FALSE(arrives(two));
  CHECK_FALSE(arrives(inject_failure{static_cast<failure_kind>(2)}));
  one.priority = priority::background;
  CHECK(arrives(one));
}

TEST_CASE_METHOD(wire_fixture, "enums and failures travel") {
  for (auto x : {priority::urgent, priority::normal, priority::background})
    CHECK(through(x) == x);
  for (auto x : {failure_kind::connection, failure_kind::exception})
    CHECK(through(x) == x);
  for (uint8_t i = 0; i < ec_count; ++i) {
    auto code = ec::none;
    REQUIRE(from_integer(i, code));
    CHECK(through(code) == code);
  }
  check_survives(failure{"message", -5, 7, "SELECT ?", 9ns});
  check_survives(failure{});
}
