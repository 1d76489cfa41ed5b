#pragma once

#include "actors/sqlite/access/connection_options.hpp"

#include <string>
#include <string_view>
#include <utility>

struct sqlite3;

namespace onewriter::sqlite {

/// One thing that a statement would do, as SQLite reports it while preparing
/// the statement (https://sqlite.org/c3ref/c_alter_table.html). What does not
/// apply is null.
struct action {
  int code = 0;
  const char* first = nullptr;
  const char* second = nullptr;
  const char* database = nullptr;
  /// The innermost trigger or view that it is part of.
  const char* inside = nullptr;
};

/// Returns whether names that begin like `name` are those of onewriter's own
/// tables.
bool is_reserved(std::string_view name);

/// Returns why users of the writer may not do `x` and what to do instead; empty
/// if they may.
std::string writer_refusal(const action& x);

/// Returns why users of a reader may not do `x` and what to do instead; empty
/// if they may. INSERT, UPDATE and DELETE pass: virtual tables prepare such
/// statements when they connect (R*Tree does), so that a query fails where they
/// are refused. `connection` asks SQLite whether the user's statement itself
/// would change anything.
std::string reader_refusal(const action& x);

/// Decides what statements may do, depending on their origin. Must outlive the
/// handle that it is installed in.
class authorizer {
public:
  explicit authorizer(enum role role) : role_{role} {
    // nop
  }

  authorizer(const authorizer&) = delete;

  authorizer& operator=(const authorizer&) = delete;

  void install(sqlite3* db);

  /// Marks every statement as onewriter's own, for which everything is allowed.
  /// Returns the previous setting. Covers preparing and running: SQLite
  /// prepares a statement again when the schema has changed, and virtual tables
  /// prepare statements of their own while one of ours runs.
  bool trust(bool on) {
    auto before = trusted_;
    trusted_ = on;
    return before;
  }

  /// Marks the start of preparing a user's statement; `prepared` marks its end.
  /// In between, actions of virtual tables only are not allowed.
  void preparing();

  void prepared() {
    preparing_ = false;
  }

  /// Returns the first refusal since `forget_refusal` or `preparing`; empty if
  /// there was none.
  const std::string& refusal() const {
    return refusal_;
  }

  void forget_refusal() {
    refusal_.clear();
  }

  /// Returns whether a statement of a user was prepared since the last call
  /// that changes the schema when it runs.
  bool take_schema_change() {
    return std::exchange(schema_change_, false);
  }

  /// Returns the first action of the last prepared statement, or 0 if SQLite
  /// asked about none: that happens only for VACUUM.
  int first_action() const {
    return first_action_;
  }

private:
  static int decide(void* self, int code, const char* first, const char* second,
                    const char* database, const char* inside);

  bool allows(const action& x);

  // Whether only a virtual table, while a statement runs, can ask for `x`.
  bool is_inner(const action& x) const;

  enum role role_;
  bool trusted_ = false;
  bool preparing_ = false;
  bool schema_change_ = false;
  int first_action_ = 0;
  std::string refusal_;
};

} // namespace onewriter::sqlite
