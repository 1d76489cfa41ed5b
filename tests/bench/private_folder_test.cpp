#include "bench/file/private_folder.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

using namespace onewriter;

TEST_CASE("a folder is removed while other threads still write to it") {
  test::temp_folder parent;
  auto where = parent.file("");
  std::atomic<int> made{0};
  std::atomic<bool> done{false};
  bench::private_folder folder{where, "test"};
  std::vector<std::thread> writers;
  for (auto i = 0; i < 2; ++i)
    writers.emplace_back([&, i] {
      for (auto number = 0; !done; ++number) {
        std::ofstream file{folder.path() + "/" + std::to_string(i) + "-"
                           + std::to_string(number)};
        ++made;
      }
    });
  while (made < 500)
    std::this_thread::yield();
  folder.remove();
  auto left = std::distance(std::filesystem::directory_iterator{where},
                            std::filesystem::directory_iterator{});
  done = true;
  for (auto& writer : writers)
    writer.join();
  CHECK(left == 0);
}
