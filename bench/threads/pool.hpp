#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// Things that threads borrow, one each, and wait for while all are lent.
template <class T>
class pool {
public:
  struct give_back {
    void operator()(T* what) const {
      from->put(what);
    }

    pool* from;
  };

  /// Returns it to the pool in the end.
  using loan = std::unique_ptr<T, give_back>;

  explicit pool(std::vector<T> all) : all_{std::move(all)} {
    for (auto& x : all_)
      idle_.push_back(&x);
  }

  pool(const pool&) = delete;

  pool& operator=(const pool&) = delete;

  /// Takes what was used last, which the processor's caches still hold.
  loan borrow() {
    std::unique_lock<std::mutex> guard{mutex_};
    returned_.wait(guard, [this] { return !idle_.empty(); });
    auto what = idle_.back();
    idle_.pop_back();
    return loan{what, give_back{this}};
  }

private:
  void put(T* what) {
    {
      std::lock_guard<std::mutex> guard{mutex_};
      idle_.push_back(what);
    }
    returned_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<T> all_;
  std::vector<T*> idle_;
};

} // namespace onewriter::bench
