#pragma once

namespace onewriter::node {

/// Wakes a thread that waits in `poll`. Any thread may call `wake`; the others
/// belong to the one that waits.
class wake_pipe {
public:
  /// Throws `std::system_error` where the process has too many files open.
  wake_pipe();

  wake_pipe(const wake_pipe&) = delete;

  wake_pipe& operator=(const wake_pipe&) = delete;

  ~wake_pipe();

  /// What becomes readable.
  int descriptor() const {
    return ends_[0];
  }

  void wake();

  /// Makes it unreadable again.
  void clear();

  /// Waits for a wake-up or, if `other` is not negative, until that can be
  /// read. Returns whether `other` can be read, or has ended.
  bool wait(int other);

private:
  int ends_[2];
};

} // namespace onewriter::node
