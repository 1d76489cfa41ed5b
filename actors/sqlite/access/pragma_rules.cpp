#include "actors/sqlite/access/pragma_rules.hpp"

#include <algorithm>

namespace onewriter::sqlite {

namespace {

enum class rule : uint8_t {
  // Only reads, with any argument: the name of a table, a limit.
  question,
  // Reads without an argument, sets something with one; setting is refused.
  setting,
  // Reads without an argument; a writer may set it, because what it sets is
  // part of the file and of the transaction.
  content,
  // Changes the file within the transaction.
  change,
  // Only reads, but all of the file: not while the writer keeps others waiting.
  long_question,
};

struct entry {
  std::string_view name;
  enum rule rule;
};

// https://sqlite.org/pragma.html. PRAGMAs that are not listed change the
// connection for all of its users, or its durability, or checkpoints.
constexpr entry rules[] = {
  // FTS5 itself asks for data_version, FTS3 and R*Tree for page_size.
  {"application_id", rule::content},
  {"auto_vacuum", rule::setting},
  {"busy_timeout", rule::setting},
  {"cache_size", rule::setting},
  {"collation_list", rule::question},
  {"compile_options", rule::question},
  {"data_version", rule::question},
  {"database_list", rule::question},
  {"encoding", rule::setting},
  {"foreign_key_check", rule::long_question},
  {"foreign_key_list", rule::question},
  {"foreign_keys", rule::setting},
  {"freelist_count", rule::question},
  {"function_list", rule::question},
  {"incremental_vacuum", rule::change},
  {"index_info", rule::question},
  {"index_list", rule::question},
  {"index_xinfo", rule::question},
  {"integrity_check", rule::long_question},
  {"max_page_count", rule::setting},
  {"module_list", rule::question},
  {"page_count", rule::question},
  {"page_size", rule::setting},
  {"pragma_list", rule::question},
  {"quick_check", rule::long_question},
  {"recursive_triggers", rule::setting},
  {"schema_version", rule::setting},
  {"secure_delete", rule::setting},
  {"synchronous", rule::setting},
  {"table_info", rule::question},
  {"table_list", rule::question},
  {"table_xinfo", rule::question},
  {"user_version", rule::content},
};

constexpr bool is_allowed(rule x, role role, bool has_argument) {
  switch (x) {
    case rule::question:
      return true;
    case rule::setting:
      return !has_argument;
    case rule::content:
      return !has_argument || role == role::writer;
    case rule::change:
      return role == role::writer;
    default:
      return role == role::reader;
  }
}

const char* advice_for(std::string_view name) {
  if (is_same_name(name, "wal_checkpoint"))
    return "the writer checkpoints by itself; send it a checkpoint message to "
           "have it done now";
  if (is_same_name(name, "optimize"))
    return "run ANALYZE in a write";
  if (is_same_name(name, "integrity_check")
      || is_same_name(name, "quick_check"))
    return "send an integrity_check message";
  if (is_same_name(name, "foreign_key_check"))
    return "run it as a query";
  return "how the file is opened is set in the options of the database, for "
         "all callers";
}

} // namespace

std::string pragma_refusal(enum role role, std::string_view name,
                           bool has_argument) {
  for (auto& x : rules)
    if (is_same_name(x.name, name) && is_allowed(x.rule, role, has_argument))
      return {};
  return "PRAGMA " + std::string{name} + (has_argument ? " with a value" : "")
         + " is not allowed: " + advice_for(name);
}

bool is_same_name(std::string_view x, std::string_view y) {
  auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  };
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [lower](char a, char b) { return lower(a) == lower(b); });
}

} // namespace onewriter::sqlite
