#include "bench/file/private_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace onewriter::bench {

private_folder::private_folder(const std::string& parent,
                               const std::string& purpose)
  : path_{parent + "/onewriter-" + purpose + "-XXXXXX"} {
  if (::mkdtemp(path_.data()) == nullptr)
    throw std::runtime_error{"cannot make a folder in " + parent + ": "
                             + std::generic_category().message(errno)};
}

private_folder::~private_folder() {
  remove();
}

// Under another name first: threads and processes that still work there make
// no more files by its own name.
void private_folder::remove() const {
  constexpr auto most_attempts = 100;
  auto gone = path_ + "-removed";
  std::error_code ignored;
  std::filesystem::rename(path_, gone, ignored);
  for (auto i = 0; i < most_attempts && std::filesystem::exists(gone); ++i)
    std::filesystem::remove_all(gone, ignored);
}

} // namespace onewriter::bench
