#pragma once

#include "actors/index/chunk/chunk_source.hpp"

#include <memory>

namespace onewriter {

/// Runs a task of the embedding program. What the task throws on the job's
/// thread ends the job with `ec::function_failed`.
class task_job : public chunk_source {
public:
  task_job(std::shared_ptr<chunked_task> task, job_signals_ptr signals);

  chunk_kind kind() const override {
    return chunk_kind::foreign;
  }

  caf::expected<std::optional<chunk>> next(const chunk_size& size) override;

  void committed(const chunk& what, const write_receipt& receipt) override;

  bool abandon(const caf::error& reason) override;

private:
  std::shared_ptr<chunked_task> task_;
  job_signals_ptr signals_;
};

} // namespace onewriter
