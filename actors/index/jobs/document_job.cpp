#include "actors/index/jobs/document_job.hpp"

#include "actors/index/jobs/document_step.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace onewriter {

namespace {

// Limits the memory of a job to a few megabytes.
constexpr size_t most_passages_at_once = 512;

// Whether a job that fails with this error would fail again. After other errors
// the job keeps what it has written, so that the same request continues there.
bool is_final(const caf::error& reason) {
  auto code = code_of(reason);
  return advice_of(code) == advice::fix_request || code == ec::document_changed
         || code == ec::internal;
}

} // namespace

document_job::document_job(chunked_index what, bool has_leftover,
                           std::vector<std::string> off_limits,
                           job_signals_ptr signals)
  : name_{std::move(what.index), std::move(what.key)},
    path_{what.path},
    has_leftover_{has_leftover},
    signals_{signals},
    reader_{std::move(what.path), std::move(what.text), std::move(off_limits),
            std::move(signals)} {
  // nop
}

// -- chunks ---------------------------------------------------------------------

caf::expected<std::optional<chunk>> document_job::next(const chunk_size& size) {
  if (phase_ == phase::done)
    return std::optional<chunk>{};
  if (phase_ == phase::undoing)
    return std::optional<chunk>{make_undo(size.time)};
  if (auto err = interruption(*signals_); err != caf::none)
    return err;
  if (step_ && step_->unmerged)
    return std::optional<chunk>{make_merge(size.time)};
  if (phase_ == phase::scanning)
    if (auto err = scan(); err != caf::none)
      return err;
  auto count = std::min(size.units, most_passages_at_once);
  if (auto err = gather(count); err != caf::none)
    return err;
  return std::optional<chunk>{make_step(count, size.time)};
}

caf::error document_job::scan() {
  auto digest = reader_.scan();
  if (!digest)
    return digest.error();
  digest_ = *digest;
  receipt_.bytes = digest_.bytes;
  phase_ = phase::beginning;
  return {};
}

// Reads one passage more than requested, to detect the end.
caf::error document_job::gather(size_t count) {
  while (!at_end_ && pending_.size() <= count) {
    auto found = reader_.next();
    if (!found)
      return found.error();
    at_end_ = !*found;
    if (*found && (*found)->offset >= version_.next_offset)
      pending_.push_back(std::move(**found));
  }
  return {};
}

chunk document_job::make_step(size_t count, std::chrono::nanoseconds time) {
  auto step = std::make_shared<document_step>();
  step->name = name_;
  step->path = path_;
  step->digest = digest_;
  step->version = version_;
  step->begins = phase_ == phase::beginning;
  step->publishes = at_end_ && pending_.size() <= count;
  // Before a version has begun it is not known whether its passages are needed,
  // so a long document begins without any.
  if (step->publishes) {
    step->passages = std::exchange(pending_, {});
  } else if (!step->begins) {
    auto end = pending_.begin() + static_cast<ptrdiff_t>(count);
    step->passages.assign(std::make_move_iterator(pending_.begin()),
                          std::make_move_iterator(end));
    pending_.erase(pending_.begin(), end);
  }
  step->units = step->passages.size();
  auto result = make_index_chunk("index passages", step, time);
  for (auto& x : step->passages)
    result.bytes += x.text.size();
  step_ = step;
  document_step_ = std::move(step);
  return result;
}

chunk document_job::make_merge(std::chrono::nanoseconds time) {
  step_ = std::make_shared<merge_step>(step_->indexes);
  document_step_.reset();
  return make_index_chunk("merge an index", step_, time);
}

chunk document_job::make_undo(std::chrono::nanoseconds time) {
  step_ = std::make_shared<discard_step>(name_);
  document_step_.reset();
  return make_index_chunk("discard a document", step_, time);
}

// -- progress -------------------------------------------------------------------

void document_job::committed(const chunk&, const write_receipt& receipt) {
  if (phase_ == phase::undoing) {
    left_garbage_ = true;
    phase_ = phase::done;
  }
  if (!document_step_)
    return;
  auto& step = *document_step_;
  if (step.begins)
    begun(step.start);
  advanced(step.passages);
  if (!step.publishes && !receipt_.unchanged)
    return;
  left_garbage_ = left_garbage_ || step.replaced;
  receipt_.replaced = step.replaced;
  receipt_.commit = receipt.commit;
  phase_ = phase::done;
}

void document_job::begun(const version_start& start) {
  version_ = start.version;
  left_garbage_ = start.left_garbage;
  receipt_.unchanged = start.unchanged;
  receipt_.resumed = start.resumed;
  receipt_.passages = start.passages;
  if (start.resumed) {
    receipt_.passages
      = static_cast<uint64_t>(version_.next_passage - version_.first_passage);
    pending_ = passages_from(pending_, version_.next_offset);
  }
  phase_ = phase::writing;
}

void document_job::advanced(const std::vector<passage>& passages) {
  if (receipt_.unchanged)
    return;
  for (auto& x : passages) {
    if (x.offset < version_.next_offset)
      continue;
    version_.next_offset = x.offset + x.text.size();
    ++version_.next_passage;
    ++receipt_.passages;
  }
}

bool document_job::abandon(const caf::error& reason) {
  auto has_written
    = phase_ == phase::writing || (phase_ != phase::done && has_leftover_);
  if (phase_ == phase::undoing || !has_written || !is_final(reason))
    return false;
  phase_ = phase::undoing;
  return true;
}

std::optional<index_progress> document_job::progress() const {
  if (phase_ == phase::scanning || phase_ == phase::undoing)
    return std::nullopt;
  auto done = phase_ == phase::done ? digest_.bytes : version_.next_offset;
  return index_progress{name_.index, name_.key, done, digest_.bytes};
}

void document_job::complete(index_receipt& receipt) const {
  receipt.unchanged = receipt_.unchanged;
  receipt.replaced = receipt_.replaced;
  receipt.resumed = receipt_.resumed;
  receipt.bytes = receipt_.bytes;
  receipt.passages = receipt_.passages;
  receipt.commit = receipt_.commit;
}

} // namespace onewriter
