#pragma once

#include "actors/index/chunk/chunk_source.hpp"
#include "actors/index/jobs/document_file.hpp"
#include "actors/index/tables/version_store.hpp"
#include "actors/text/passage_cutter.hpp"
#include "actors/text/sha256.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onewriter {

/// Reads a document twice, first as a whole, then passage by passage, holding a
/// few hundred kilobytes of it at a time. Blocks, therefore it belongs to the
/// thread of a job. Checks the job's signals between two blocks.
class document_reader {
public:
  /// Size of a block. A smaller file is read once and kept.
  static constexpr size_t block_bytes = 256 * 1024;

  /// Reads the file at `path`, or `text` if `path` is empty.
  document_reader(std::string path, std::string text,
                  std::vector<std::string> off_limits, job_signals_ptr signals);

  /// Reads the whole document. Must be called first. Errors:
  /// `ec::unreadable_document`, `ec::invalid_text`, `ec::document_changed`,
  /// `ec::cancelled`, `ec::closed`.
  [[nodiscard]] caf::expected<document_digest> scan();

  /// Returns the next passage; nothing at the end, after checking that all
  /// passages together equal the document that `scan` has read. Errors: as for
  /// `scan`.
  [[nodiscard]] caf::expected<std::optional<passage>> next();

private:
  using visitor = std::function<caf::error(std::string_view)>;

  caf::expected<std::string_view> read_block();

  caf::error visit_blocks(const visitor& visit);

  caf::error begin_again();

  caf::error feed_cutter();

  std::string path_;
  std::string text_;
  std::vector<std::string> off_limits_;
  job_signals_ptr signals_;
  // Only for files that do not fit into a block.
  std::optional<document_file> file_;
  std::string buffer_;
  // How much of `text_` has been read.
  size_t position_ = 0;
  document_digest digest_;
  sha256 hash_;
  passage_cutter cutter_{passage_bytes};
  bool at_end_ = false;
};

} // namespace onewriter
