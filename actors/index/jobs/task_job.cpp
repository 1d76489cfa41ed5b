#include "actors/index/jobs/task_job.hpp"

#include "onewriter/failure.hpp"

#include <exception>
#include <utility>

namespace onewriter {

namespace {

using clock_type = pending_write::clock;

caf::expected<size_t> prepare(chunked_task& task, size_t units) {
  try {
    return task.prepare(units);
  } catch (const std::exception& ex) {
    return make_failure(ec::function_failed,
                        std::string{"the task threw: "} + ex.what());
  } catch (...) {
    return make_failure(ec::function_failed,
                        "the task threw something that is not a "
                        "std::exception");
  }
}

} // namespace

task_job::task_job(std::shared_ptr<chunked_task> task, job_signals_ptr signals)
  : task_{std::move(task)},
    signals_{std::move(signals)} {
  // nop
}

caf::expected<std::optional<chunk>> task_job::next(const chunk_size& size) {
  if (auto err = interruption(*signals_); err != caf::none)
    return err;
  auto ready = prepare(*task_, size.units);
  if (!ready)
    return ready.error();
  if (*ready == 0)
    return std::optional<chunk>{};
  chunk result;
  auto measures = result.measures;
  measures->units = *ready;
  transaction request;
  request.function
    = [task = task_, measures](session& db) -> caf::expected<result_set> {
    auto start = clock_type::now();
    auto err = task->apply(db);
    measures->all = clock_type::now() - start;
    measures->sized = measures->all;
    return err == caf::none ? caf::expected<result_set>{result_set{}} : err;
  };
  result.request = std::move(request);
  return std::optional<chunk>{std::move(result)};
}

void task_job::committed(const chunk&, const write_receipt&) {
  task_->committed();
}

bool task_job::abandon(const caf::error& reason) {
  return code_of(reason) != ec::closed && task_->abandon(reason);
}

} // namespace onewriter
