#include "actors/index/request_check.hpp"

#include "actors/sqlite/file/files.hpp"
#include "actors/text/utf8.hpp"
#include "onewriter/failure.hpp"

#include <filesystem>
#include <system_error>

namespace onewriter {

namespace {

constexpr size_t max_index_bytes = 255;
constexpr size_t max_key_bytes = 4'096;

caf::error check(const std::string& what, const std::string& text,
                 size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes)
    return make_failure(ec::invalid_argument, what + ": must have 1 to "
                                                + std::to_string(max_bytes)
                                                + " bytes");
  if (!is_valid_utf8(text))
    return make_failure(ec::invalid_text, what + ": is not valid UTF-8");
  return {};
}

caf::error check_name(const std::string& index, const std::string& key) {
  auto err = check("index", index, max_index_bytes);
  return err != caf::none ? err : check("key", key, max_key_bytes);
}

} // namespace

caf::error check(const chunked_index& what) {
  return check_name(what.index, what.key);
}

caf::error check(const remove_document& what) {
  return check_name(what.index, what.key);
}

caf::error check(const chunked_job& what) {
  if (!what.task)
    return make_failure(ec::invalid_argument, "task: is missing");
  return {};
}

std::string absolute_path(const std::string& path) {
  if (path.empty())
    return path;
  std::error_code err;
  auto result = std::filesystem::absolute(path, err);
  return err ? path : result.string();
}

std::vector<std::string> files_of_database(const std::string& path) {
  auto canonical = sqlite::canonical_path(path);
  auto base = canonical ? *canonical : absolute_path(path);
  std::vector<std::string> result;
  for (auto suffix : {"", "-wal", "-shm", "-journal", "-owner"})
    result.push_back(base + suffix);
  return result;
}

} // namespace onewriter
