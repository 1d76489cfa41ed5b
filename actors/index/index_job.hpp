#pragma once

#include "actors/index/chunk/chunk_runner.hpp"
#include "actors/index/chunk/chunk_source.hpp"
#include "actors/index/tables/version_store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace onewriter {

/// A job of the indexer, from its arrival to its end.
struct index_job {
  using index_reply = caf::typed_response_promise<index_receipt>;
  using job_reply = caf::typed_response_promise<job_receipt>;

  uint64_t id = 0;
  /// The document that it works on, if it works on one.
  std::optional<document_name> document;
  std::shared_ptr<chunk_source> source;
  job_signals_ptr signals = std::make_shared<job_signals>();
  caf::actor listener;
  /// Approximate size in memory while it waits.
  size_t bytes = 0;
  /// Callers that wait for it; none for jobs of an earlier process.
  std::variant<std::monostate, index_reply, job_reply> reply;
  /// Callers that wait for its cancellation.
  std::vector<caf::typed_response_promise<void>> cancels;
  /// Whether an earlier process began it, so that a part of it is in the file.
  bool has_leftover = false;
  /// Whether it removes garbage of other jobs.
  bool is_cleanup = false;
  /// Runs it, once it runs.
  chunk_runner_actor runner;

  bool has_requester() const {
    return !std::holds_alternative<std::monostate>(reply);
  }

  /// Whether it adds a document, so that it can be cancelled.
  bool is_index_job() const {
    return source->kind() == chunk_kind::passages;
  }
};

/// Answers all callers that wait for `job` with its outcome.
void answer(index_job& job, job_outcome outcome);

/// Answers all callers that wait for `job` with its error.
void answer(index_job& job, const caf::error& reason);

} // namespace onewriter
