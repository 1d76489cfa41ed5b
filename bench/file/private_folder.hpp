#pragma once

#include <string>

namespace onewriter::bench {

/// A folder of its own in another one, removed with all that is in it. Files of
/// other programs are not touched, and other programs do not touch these.
class private_folder {
public:
  /// Throws `std::runtime_error` where it cannot be made in `parent`.
  private_folder(const std::string& parent, const std::string& purpose);

  private_folder(const private_folder&) = delete;

  private_folder& operator=(const private_folder&) = delete;

  ~private_folder();

  const std::string& path() const {
    return path_;
  }

  /// Removes what is there, as far as possible.
  void remove() const;

private:
  std::string path_;
};

} // namespace onewriter::bench
