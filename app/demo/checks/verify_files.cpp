#include "actors/text/sha256.hpp"
#include "app/demo/checks/verify.hpp"
#include "app/demo/checks/verify_parts.hpp"
#include "app/demo/core/node_schema.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

// The most files that are reassembled, and the most bytes of them.
constexpr uint64_t most_files = 20'000;
constexpr uint64_t most_bytes = 256'000'000;

constexpr const char* all_blocks_sql = "SELECT hash, size, data FROM block";

constexpr const char* file_count_sql
  = "SELECT count(*) FROM file WHERE run = ? AND hash IS NOT NULL";

constexpr const char* file_block_count_sql
  = "SELECT count(*) FROM file JOIN file_block ON file_block.file = file.id "
    "WHERE run = ? AND file.hash IS NOT NULL";

// Whole files whose size is not the sum of their blocks.
constexpr const char* wrong_size_sql
  = "SELECT count(*) FROM file WHERE run = ? AND hash IS NOT NULL "
    "AND size <> (SELECT coalesce(sum(b.size), 0) FROM file_block AS fb "
    "JOIN block AS b ON b.hash = fb.hash WHERE fb.file = file.id)";

// Every nth file.
constexpr const char* sample_sql
  = "SELECT id, hash FROM file WHERE run = ? AND hash IS NOT NULL "
    "AND id % ? = 0";

constexpr const char* content_sql
  = "SELECT data FROM file_block JOIN block USING(hash) WHERE file = ? "
    "ORDER BY position";

constexpr const char* indexed_count_sql
  = "SELECT count(*) FROM file WHERE run = ? AND passages IS NOT NULL";

// Texts that were indexed, but that the index does not have as they are.
constexpr const char* wrong_documents_sql
  = "SELECT count(*) FROM file LEFT JOIN onewriter_document AS d "
    "ON d.index_id = ? AND d.key = file.path "
    "WHERE run = ? AND passages IS NOT NULL AND (d.id IS NULL "
    "OR d.bytes <> file.size OR d.end_passage - d.first_passage <> passages)";

uint64_t stride_for(const store_state& stored) {
  return std::max(stored.files / most_files, stored.bytes / most_bytes) + 1;
}

std::string hash_of_file(raw_file& file, int64_t id) {
  sha256 sum;
  file.for_each(content_sql, {id},
                [&](const raw_row& x) { sum.update(x.bytes(0)); });
  return to_hex(sum.finish());
}

} // namespace

checks verify_blocks(raw_file& file, const check_progress& progress) {
  auto total = file.number("SELECT count(*) FROM block");
  uint64_t done = 0;
  uint64_t bytes = 0;
  uint64_t wrong = 0;
  file.for_each(all_blocks_sql, {}, [&](const raw_row& x) {
    auto data = x.bytes(2);
    auto size = static_cast<uint64_t>(x.integer(1));
    wrong += size != data.size() || to_hex(sha256_of(data)) != x.bytes(0);
    bytes += data.size();
    if (++done % 100 == 0)
      progress("hashing blocks", done, total);
  });
  return {counted("each block's content hashes to its name", wrong,
                  format_count(total, "block") + ", " + format_bytes(bytes))};
}

checks verify_files(raw_file& file, const expected_state& what) {
  auto& stored = what.stored;
  auto found = file.number(file_count_sql, {what.run});
  auto blocks = file.number(file_block_count_sql, {what.run});
  auto wrong = file.number(wrong_size_sql, {what.run});
  // A file that was being stored at the end has blocks, but is not whole.
  auto may_lack = !stored.finished || stored.unreadable > 0;
  auto complete
    = blocks == stored.blocks || (may_lack && blocks < stored.blocks);
  auto holds = found == stored.files && complete && wrong == 0;
  return {{"each stored file has all of its blocks", holds,
           holds ? format_count(found, "file")
                 : with_separators(found) + " of "
                     + format_count(stored.files, "file") + ", "
                     + with_separators(blocks) + " of "
                     + format_count(stored.blocks, "block") + ", "
                     + with_separators(wrong) + " incomplete"}};
}

// Reassembles files and compares them with the files that were read.
checks verify_contents(raw_file& file, const expected_state& what,
                       const check_progress& progress) {
  auto stride = stride_for(what.stored);
  auto total = what.stored.files / stride;
  uint64_t done = 0;
  uint64_t wrong = 0;
  file.for_each(sample_sql, {what.run, static_cast<int64_t>(stride)},
                [&](const raw_row& x) {
                  wrong += hash_of_file(file, x.integer(0)) != x.bytes(1);
                  if (++done % 100 == 0)
                    progress("reassembling files", done, total);
                });
  auto share
    = stride == 1 ? "all of them" : "one in " + with_separators(stride);
  return {counted("reassembled files equal the files that were read", wrong,
                  format_count(done, "file") + ", " + share)};
}

checks verify_documents(raw_file& file, const expected_state& what) {
  constexpr const char* name = "each indexed text is in the index";
  auto texts = what.indexed.texts;
  if (texts == 0)
    return {};
  auto found = file.number(indexed_count_sql, {what.run});
  if (found != texts)
    return {{name, false,
             with_separators(found) + " of " + format_count(texts, "text")}};
  auto index = find_text_index(file, text_index);
  auto wrong = file.number(wrong_documents_sql, {index, what.run});
  return {counted(name, wrong, format_count(found, "text"))};
}

} // namespace onewriter::node
