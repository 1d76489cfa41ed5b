#include "actors/index/jobs/removal_job.hpp"

#include <utility>

namespace onewriter {

/// Hides a document.
class hide_step : public index_step {
public:
  explicit hide_step(document_name name) : name_{std::move(name)} {
    // nop
  }

  void run(sticky_sql& db) override {
    ranges = hide_document(db, name_);
  }

  std::vector<garbage_range> ranges;

private:
  document_name name_;
};

/// Removes some garbage.
class removal_step : public index_step {
public:
  removal_step(std::optional<garbage_range> what, size_t limit)
    : what_{what},
      limit_{limit} {
    // nop
  }

  void run(sticky_sql& db) override {
    auto removal
      = what_ ? remove_garbage(db, *what_, limit_) : remove_garbage(db, limit_);
    units = removal.passages;
    indexes = std::move(removal.index_ids);
    done = removal.done;
  }

  bool done = false;

private:
  std::optional<garbage_range> what_;
  size_t limit_;
};

removal_job::removal_job(job_signals_ptr signals)
  : signals_{std::move(signals)} {
  // nop
}

removal_job::removal_job(document_name name, job_signals_ptr signals)
  : name_{std::move(name)},
    ranges_{std::vector<garbage_range>{}},
    signals_{std::move(signals)} {
  // nop
}

caf::expected<std::optional<chunk>> removal_job::next(const chunk_size& size) {
  hide_step_.reset();
  removal_step_.reset();
  if (merging())
    step_ = std::make_shared<merge_step>(step_->indexes);
  else if (done_ && !name_)
    return std::optional<chunk>{};
  else
    make_step(size.units);
  if (auto err = interruption(*signals_); err != caf::none)
    return err;
  return std::optional<chunk>{
    make_index_chunk("remove passages", step_, size.time)};
}

void removal_job::make_step(size_t units) {
  if (name_) {
    hide_step_ = std::make_shared<hide_step>(*name_);
    step_ = hide_step_;
    return;
  }
  auto what
    = ranges_ ? std::optional<garbage_range>{ranges_->back()} : std::nullopt;
  removal_step_ = std::make_shared<removal_step>(what, units);
  step_ = removal_step_;
}

void removal_job::committed(const chunk&, const write_receipt&) {
  if (hide_step_) {
    name_.reset();
    ranges_ = hide_step_->ranges;
    done_ = ranges_->empty();
  } else if (removal_step_ && removal_step_->done) {
    if (ranges_)
      ranges_->pop_back();
    done_ = !ranges_ || ranges_->empty();
  }
}

bool removal_job::merging() const {
  return step_ && step_->unmerged;
}

} // namespace onewriter
