#pragma once

#include "actors/index/chunk/chunk_source.hpp"
#include "actors/index/jobs/document_job.hpp"
#include "actors/index/jobs/index_step.hpp"
#include "actors/index/tables/garbage_store.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace onewriter {

class hide_step;
class removal_step;

/// Removes passages that searches cannot find: all of them, or those of one
/// document, which it hides first. A stopped job leaves the rest to the next
/// one.
class removal_job : public chunk_source {
public:
  /// Removes all garbage.
  explicit removal_job(job_signals_ptr signals);

  /// Removes a document.
  removal_job(document_name name, job_signals_ptr signals);

  chunk_kind kind() const override {
    return chunk_kind::removals;
  }

  caf::expected<std::optional<chunk>> next(const chunk_size& size) override;

  void committed(const chunk& what, const write_receipt& receipt) override;

  bool abandon(const caf::error&) override {
    return false;
  }

  bool left_garbage() const override {
    return !done_;
  }

private:
  void make_step(size_t units);

  // Whether there is more to merge before anything else.
  bool merging() const;

  // The document to hide; empty once that is done.
  std::optional<document_name> name_;
  // The passages to remove; empty means all garbage.
  std::optional<std::vector<garbage_range>> ranges_;
  job_signals_ptr signals_;
  // The last step, and the same if it is a removal.
  std::shared_ptr<index_step> step_;
  std::shared_ptr<hide_step> hide_step_;
  std::shared_ptr<removal_step> removal_step_;
  bool done_ = false;
};

} // namespace onewriter
