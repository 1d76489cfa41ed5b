#include "tests/power/disk/folders.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

namespace onewriter::test {

namespace fs = std::filesystem;

namespace {

std::string make_unique(const fs::path& where, const std::string& name) {
  auto pattern = (where / (name + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error("cannot create the folder " + pattern);
  return fs::canonical(pattern).string();
}

// Nothing is really synced there, and need not be.
fs::path memory() {
  constexpr auto shared_memory = "/dev/shm";
  return ::access(shared_memory, W_OK | X_OK) == 0 ? fs::path{shared_memory}
                                                   : fs::temp_directory_path();
}

} // namespace

work_folder::work_folder() : path_{make_unique(memory(), "onewriter-power")} {
  // nop
}

work_folder::~work_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string work_folder::make(const std::string& name) {
  auto result = path_ + "/" + name;
  if (!fs::create_directory(result))
    throw std::runtime_error("there is a folder " + result);
  return result;
}

void work_folder::remove(const std::string& folder) {
  // A process that is ending there may remove a file of its own at the same
  // time.
  std::error_code err;
  do
    fs::remove_all(folder, err);
  while (err == std::errc::no_such_file_or_directory);
  if (err)
    throw std::system_error(err, "cannot remove " + folder);
}

void write_folder(const std::string& folder, const folder_content& content) {
  for (auto& [name, bytes] : content) {
    std::ofstream file{folder + "/" + name, std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush())
      throw std::runtime_error("cannot write " + folder + "/" + name);
  }
}

std::string keep_folder(const std::string& name,
                        const folder_content& content) {
  auto result = make_unique(fs::temp_directory_path(), name);
  write_folder(result, content);
  return result;
}

} // namespace onewriter::test
