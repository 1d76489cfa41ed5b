#include "actors/index/jobs/document_reader.hpp"

#include "actors/text/utf8.hpp"

#include <utility>

namespace onewriter {

namespace {

// Looks for bytes that cannot be indexed: those that are not UTF-8, and NUL, at
// which some of SQLite's functions stop reading.
class text_checker {
public:
  caf::error feed(std::string_view block) {
    auto before = validator_;
    auto text = block.substr(0, block.find('\0'));
    if (!validator_.feed(text))
      return refuse("is not valid UTF-8", first_invalid(before, text));
    if (text.size() < block.size())
      return refuse("holds a NUL", text.size());
    offset_ += block.size();
    return {};
  }

  caf::error finish() {
    return validator_.finish() ? caf::error{}
                               : refuse("ends inside a UTF-8 character", 0);
  }

private:
  static size_t first_invalid(utf8_validator before, std::string_view text) {
    size_t result = 0;
    while (result < text.size() && before.feed(text.substr(result, 1)))
      ++result;
    return result;
  }

  caf::error refuse(const char* why, size_t position) const {
    return make_failure(ec::invalid_text,
                        std::string{"the document "} + why + " at byte "
                          + std::to_string(offset_ + position));
  }

  utf8_validator validator_;
  // Offset of the next block.
  uint64_t offset_ = 0;
};

} // namespace

document_reader::document_reader(std::string path, std::string text,
                                 std::vector<std::string> off_limits,
                                 job_signals_ptr signals)
  : path_{std::move(path)},
    text_{std::move(text)},
    off_limits_{std::move(off_limits)},
    signals_{std::move(signals)} {
  // nop
}

caf::expected<document_digest> document_reader::scan() {
  if (!path_.empty()) {
    auto file = document_file::open(path_, off_limits_);
    if (!file)
      return file.error();
    file_.emplace(std::move(*file));
    buffer_.resize(block_bytes);
  }
  text_checker checker;
  sha256 hash;
  auto err = visit_blocks([&](std::string_view block) {
    hash.update(block);
    digest_.bytes += block.size();
    return checker.feed(block);
  });
  if (err == caf::none)
    err = checker.finish();
  if (err == caf::none && file_)
    err = begin_again();
  if (err != caf::none)
    return err;
  position_ = 0;
  digest_.hash = hash.finish();
  return digest_;
}

caf::expected<std::optional<passage>> document_reader::next() {
  while (!at_end_) {
    if (auto found = cutter_.next())
      return found;
    if (auto err = feed_cutter(); err != caf::none)
      return err;
  }
  return cutter_.finish();
}

// Returns the next block, which is valid until the next call; empty at the end.
caf::expected<std::string_view> document_reader::read_block() {
  if (auto err = interruption(*signals_); err != caf::none)
    return err;
  if (!file_) {
    auto result = std::string_view{text_}.substr(position_, block_bytes);
    position_ += result.size();
    return result;
  }
  auto count = file_->read(buffer_.data(), buffer_.size());
  if (!count)
    return count.error();
  return std::string_view{buffer_.data(), *count};
}

caf::error document_reader::visit_blocks(const visitor& visit) {
  for (;;) {
    auto block = read_block();
    if (!block)
      return block.error();
    if (block->empty())
      return {};
    if (auto err = visit(*block); err != caf::none)
      return err;
  }
}

// Prepares the second reading of a file. One that fits into a block is in the
// buffer already.
caf::error document_reader::begin_again() {
  if (auto err = file_->check_unchanged(); err != caf::none)
    return err;
  if (digest_.bytes > block_bytes)
    return file_->rewind();
  file_.reset();
  buffer_.resize(digest_.bytes);
  text_ = std::move(buffer_);
  return {};
}

caf::error document_reader::feed_cutter() {
  auto block = read_block();
  if (!block)
    return block.error();
  cutter_.feed(*block);
  at_end_ = block->empty();
  if (!file_)
    return {};
  hash_.update(*block);
  if (!at_end_)
    return {};
  if (hash_.finish() != digest_.hash)
    return make_failure(ec::document_changed,
                        "the document " + path_
                          + " changed while it was being read");
  return file_->check_unchanged();
}

} // namespace onewriter
