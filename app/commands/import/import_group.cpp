#include "app/commands/import/import_group.hpp"

#include "app/commands/import/rejects_file.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

// Less than a millisecond of the writer with short rows, so that others wait no
// longer for it.
constexpr size_t max_entries = 250;
constexpr size_t max_bytes = 128 * 1024;

} // namespace

void import_group::add(import_entry x) {
  bytes_ += x.bytes.size();
  entries_.push_back(std::move(x));
}

bool import_group::is_full() const {
  return entries_.size() >= max_entries || bytes_ >= max_bytes;
}

size_t import_group::rejected() const {
  return static_cast<size_t>(
    std::count_if(entries_.begin(), entries_.end(),
                  [](const import_entry& x) { return !x.problem.empty(); }));
}

void import_group::reject(size_t index, std::string problem) {
  for (auto& x : entries_)
    if (x.problem.empty() && index-- == 0) {
      x.problem = std::move(problem);
      return;
    }
}

std::pair<import_group, import_group> import_group::split() const {
  import_group first{begin_, digest_};
  auto half = entries_.size() / 2;
  for (size_t i = 0; i < half; ++i)
    first.add(entries_[i]);
  auto position = begin_;
  auto digest = digest_;
  for (auto& x : first.entries_) {
    position.offset += x.bytes.size();
    position.line += static_cast<uint64_t>(
      std::count(x.bytes.begin(), x.bytes.end(), '\n'));
    digest.update(x.bytes);
  }
  import_group second{position, digest};
  for (auto i = half; i < entries_.size(); ++i)
    second.add(entries_[i]);
  return {std::move(first), std::move(second)};
}

import_progress import_group::after(const import_progress& before) const {
  auto result = before;
  result.offset = begin_.offset;
  result.line = begin_.line;
  auto digest = digest_;
  for (auto& x : entries_) {
    result.offset += x.bytes.size();
    result.line += static_cast<uint64_t>(
      std::count(x.bytes.begin(), x.bytes.end(), '\n'));
    digest.update(x.bytes);
  }
  result.digest = to_hex(digest.finish());
  result.rows += accepted();
  result.rejected += rejected();
  return result;
}

std::vector<statement> import_group::statements(statement first) const {
  std::vector<statement> result{std::move(first)};
  result.reserve(entries_.size() + 1);
  for (auto& x : entries_)
    if (x.problem.empty())
      result.push_back(x.what);
  return result;
}

std::string import_group::reject_lines() const {
  std::string result;
  for (auto& x : entries_)
    if (!x.problem.empty())
      result += reject_line(x.line, x.problem, x.bytes);
  return result;
}

} // namespace onewriter::node
