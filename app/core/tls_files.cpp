#include "app/core/tls_files.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

caf::error unusable(const std::string& text) {
  return make_failure(ec::invalid_argument, text);
}

// A group may read a key of root's, as the packages of systems set it up.
bool is_private(const struct stat& key) {
  auto others = key.st_uid == 0 ? S_IRWXO | S_IWGRP : S_IRWXO | S_IRWXG;
  return (key.st_mode & static_cast<mode_t>(others)) == 0;
}

caf::error check_file(const char* option, const std::string& path,
                      bool is_key) {
  auto file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return unusable(std::string{option} + ": cannot read " + path + ": "
                    + std::strerror(errno));
  struct stat found {};
  auto is_regular = ::fstat(file, &found) == 0 && S_ISREG(found.st_mode);
  ::close(file);
  if (!is_regular)
    return unusable(std::string{option} + ": " + path + " is no file");
  if (is_key && !is_private(found))
    return unusable(std::string{option} + ": other users can read " + path
                    + ": chmod 600 it");
  return {};
}

} // namespace

caf::error check_files(const tls_files& what) {
  if (what.certificate.empty() || what.key.empty() || what.ca_file.empty())
    return unusable(
      "other machines are talked to only over TLS, and both sides "
      "need a certificate: set tls-certificate, tls-key and "
      "tls-ca-file");
  if (auto err = check_file("tls-certificate", what.certificate, false);
      err != caf::none)
    return err;
  if (auto err = check_file("tls-key", what.key, true); err != caf::none)
    return err;
  return check_file("tls-ca-file", what.ca_file, false);
}

} // namespace onewriter::node
