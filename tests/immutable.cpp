#include "tests/immutable.hpp"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include <unistd.h>

namespace onewriter::test {

namespace {

namespace fs = std::filesystem;

constexpr auto all_write_bits
  = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;

bool is_root() {
  return ::geteuid() == 0;
}

bool change_attribute(const char* change, const std::string& path) {
  auto command
    = std::string{"chattr "} + change + " '" + path + "' 2> /dev/null";
  return std::system(command.c_str()) == 0;
}

} // namespace

immutable::immutable(std::string path) : path_{std::move(path)} {
  if (is_root()) {
    works_ = change_attribute("+i", path_);
    return;
  }
  fs::permissions(path_, all_write_bits, fs::perm_options::remove);
  works_ = true;
}

immutable::~immutable() {
  mend();
}

void immutable::mend() {
  if (!std::exchange(works_, false))
    return;
  if (is_root())
    change_attribute("-i", path_);
  else
    fs::permissions(path_, fs::perms::owner_write, fs::perm_options::add);
}

} // namespace onewriter::test
