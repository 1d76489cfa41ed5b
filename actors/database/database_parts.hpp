#pragma once

#include "actors/database/best_effort_outbox.hpp"
#include "actors/database/database_children.hpp"
#include "actors/database/lifecycle/closing_parts.hpp"
#include "actors/database/write_outbox.hpp"

namespace onewriter {

/// The parts of a database as its closing sees them.
class database_parts final : public closing_parts {
public:
  database_parts(const database_context& context, database_children& children,
                 write_outbox& writes, best_effort_outbox& best_effort,
                 const database_info& info)
    : context_{context},
      children_{children},
      writes_{writes},
      best_effort_{best_effort},
      info_{info} {
    // nop
  }

  bool all_have_started() const override;

  bool
  close_indexer(bool drain,
                std::function<void(uint64_t refused)> when_closed) override;

  void hurry_indexer() override;

  bool finish_best_effort(bool drain) override;

  bool close_readers(bool drain, std::function<void()> when_closed) override;

  void hurry_readers() override;

  void stop_running() override;

  void close_file(bool drain, clock::time_point limit) override;

  uint64_t refuse_writes() override;

  uint64_t last_commit() const override;

  void stop_children() override;

private:
  const database_context& context_;
  database_children& children_;
  write_outbox& writes_;
  best_effort_outbox& best_effort_;
  const database_info& info_;
};

} // namespace onewriter
