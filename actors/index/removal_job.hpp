#pragma once

#include "actors/index/chunk_source.hpp"
#include "actors/index/document_job.hpp"
#include "actors/index/garbage_store.hpp"
#include "actors/index/index_step.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace onewriter {

class hide_step;
class removal_step;

/// Removes passages that nobody can find: all that there are, or those of one
/// document after it has taken that out of sight. One that is stopped leaves
/// the rest to the next one.
class removal_job : public chunk_source {
public:
  /// Removes whatever there is to remove.
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

  // The document that is to be taken out of sight, until it is.
  std::optional<document_name> name_;
  // What is to be removed; nothing stands for everything.
  std::optional<std::vector<garbage_range>> ranges_;
  job_signals_ptr signals_;
  // The last step, and the same if it is one of these.
  std::shared_ptr<index_step> step_;
  std::shared_ptr<hide_step> hide_step_;
  std::shared_ptr<removal_step> removal_step_;
  bool done_ = false;
};

} // namespace onewriter
