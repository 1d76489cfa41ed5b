#include "bench/measure/measure.hpp"

#include "bench/file/fresh_file.hpp"
#include "bench/file/prefilled_file.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>

namespace onewriter::bench {

namespace {

constexpr auto watch_interval = std::chrono::milliseconds{10};

// Samples per update of the progress line.
constexpr size_t looks_per_progress = 10;

/// Observes a run from another thread until it is destroyed.
class watcher {
public:
  watcher(std::string log_path, recorder& records,
          const progress_function& progress)
    : log_path_{std::move(log_path)},
      records_{records},
      progress_{progress},
      thread_{[this] {
        watch();
      }} {
    // nop
  }

  ~watcher() {
    stop();
  }

  /// Ends watching and returns the largest size that the log had.
  uint64_t stop() {
    if (thread_.joinable()) {
      {
        std::lock_guard<std::mutex> guard{mutex_};
        done_ = true;
      }
      changed_.notify_one();
      thread_.join();
    }
    return log_bytes_;
  }

private:
  void watch() {
    std::unique_lock<std::mutex> guard{mutex_};
    for (size_t looks = 0;
         !changed_.wait_for(guard, watch_interval, [&] { return done_; });) {
      // Asks for the size without opening the file: closing it again would
      // release the locks of this process.
      std::error_code missing;
      auto bytes = std::filesystem::file_size(log_path_, missing);
      if (!missing)
        log_bytes_ = std::max<uint64_t>(log_bytes_, bytes);
      if (progress_ && ++looks % looks_per_progress == 0)
        progress_(records_);
    }
  }

  std::string log_path_;
  recorder& records_;
  const progress_function& progress_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  uint64_t log_bytes_ = 0;
  std::thread thread_;
};

} // namespace

measurement measure(const backend& how, const task& what, options opts,
                    const std::string& folder,
                    const progress_function& progress) {
  fresh_file file{folder};
  opts.path = file.path();
  recorder records{what};
  if (what.rows_before > 0)
    copy_prefilled(folder, what, file.path());
  watcher beside{file.path() + "-wal", records, progress};
  how.run(what, opts, records);
  auto result = records.finish();
  result.log_bytes = beside.stop();
  records.verify(file.path());
  return result;
}

} // namespace onewriter::bench
