#pragma once

#include "actors/sqlite/runner/statement_runner.hpp"

namespace onewriter::sqlite {

/// While it lives, statements of a connection are onewriter's own.
class statement_runner::own_work {
public:
  explicit own_work(statement_runner& db)
    : db_{db},
      before_{db.authorizer_.trust(true)} {
    // nop
  }

  own_work(const own_work&) = delete;

  own_work& operator=(const own_work&) = delete;

  ~own_work() {
    db_.authorizer_.trust(before_);
  }

private:
  statement_runner& db_;
  bool before_;
};

} // namespace onewriter::sqlite
