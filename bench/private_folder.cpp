#include "bench/private_folder.hpp"

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

void private_folder::remove() const {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace onewriter::bench
