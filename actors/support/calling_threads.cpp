#include "actors/support/calling_threads.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace onewriter {

namespace {

struct known_thread {
  caf::actor_system* system;
  bool is_free;
  std::unique_ptr<compat::calling_thread> value;
};

struct thread_list {
  std::mutex mutex;
  // As many as there were clients at once.
  std::vector<known_thread> items;
};

thread_list& all_calling_threads() {
  // Never destroyed: static objects of a program may own clients.
  static auto& result = *new thread_list;
  return result;
}

} // namespace

void calling_threads::give_back::operator()(
  compat::calling_thread* what) const noexcept {
  auto& [mutex, items] = all_calling_threads();
  std::lock_guard<std::mutex> guard{mutex};
  std::find_if(
    items.begin(), items.end(),
    [what](const known_thread& item) { return item.value.get() == what; })
    ->is_free
    = true;
}

calling_threads::pointer calling_threads::take(caf::actor_system& sys) {
  auto& [mutex, items] = all_calling_threads();
  std::lock_guard<std::mutex> guard{mutex};
  auto found
    = std::find_if(items.begin(), items.end(), [&sys](const known_thread& x) {
        return x.is_free && x.system == &sys;
      });
  if (found == items.end())
    found = items.insert(
      items.end(), {&sys, true, std::make_unique<compat::calling_thread>(sys)});
  found->is_free = false;
  return pointer{found->value.get()};
}

} // namespace onewriter
