#pragma once

#include <string>

namespace onewriter::test {

/// Makes a file or a folder read-only while it runs, also for root where the
/// file system knows immutable files.
class immutable {
public:
  explicit immutable(std::string path);

  immutable(const immutable&) = delete;

  immutable& operator=(const immutable&) = delete;

  ~immutable();

  /// Makes it writable again.
  void mend();

  /// Whether it is read-only now: root on a file system that does not know
  /// immutable files can write everything.
  bool works() const {
    return works_;
  }

private:
  std::string path_;
  bool works_ = false;
};

} // namespace onewriter::test
