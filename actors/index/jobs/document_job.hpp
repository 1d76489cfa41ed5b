#pragma once

#include "actors/index/chunk/chunk_source.hpp"
#include "actors/index/jobs/document_reader.hpp"
#include "actors/index/jobs/index_step.hpp"
#include "actors/index/tables/version_store.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onewriter {

class document_step;

/// Puts one document into an index: reads it, skips it if the index has it
/// already, writes its passages, which searches cannot find yet, and makes them
/// visible all at once. A document that fits into one chunk takes one
/// transaction.
class document_job : public chunk_source {
public:
  /// `has_leftover` says that a part of a version may exist from an earlier
  /// attempt, so that there may be something to undo before anything is
  /// written. The files `off_limits` are never opened.
  document_job(chunked_index what, bool has_leftover,
               std::vector<std::string> off_limits, job_signals_ptr signals);

  chunk_kind kind() const override {
    return chunk_kind::passages;
  }

  caf::expected<std::optional<chunk>> next(const chunk_size& size) override;

  void committed(const chunk& what, const write_receipt& receipt) override;

  bool abandon(const caf::error& reason) override;

  std::optional<index_progress> progress() const override;

  bool left_garbage() const override {
    return left_garbage_;
  }

  void complete(index_receipt& receipt) const override;

private:
  enum class phase { scanning, beginning, writing, undoing, done };

  caf::error scan();

  caf::error gather(size_t count);

  chunk make_step(size_t count, std::chrono::nanoseconds time);

  chunk make_merge(std::chrono::nanoseconds time);

  chunk make_undo(std::chrono::nanoseconds time);

  void begun(const version_start& start);

  void advanced(const std::vector<passage>& passages);

  document_name name_;
  std::string path_;
  bool has_leftover_;
  job_signals_ptr signals_;
  document_reader reader_;
  phase phase_ = phase::scanning;
  document_digest digest_;
  open_version version_;
  // Passages that were read but not written yet, and whether they are the last.
  std::vector<passage> pending_;
  bool at_end_ = false;
  // The last step, and the same step if it writes to the document.
  std::shared_ptr<index_step> step_;
  std::shared_ptr<document_step> document_step_;
  bool left_garbage_ = false;
  index_receipt receipt_;
};

} // namespace onewriter
