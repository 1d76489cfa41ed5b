// Stands in for libFuzzer: runs a target once for each file of the folders
// given, so that every compiler keeps the corpus green.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> result;
  for (auto& x : std::filesystem::directory_iterator{folder})
    result.push_back(x.path().string());
  std::sort(result.begin(), result.end());
  return result;
}

void run(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string content{std::istreambuf_iterator<char>{file}, {}};
  // If an input brings the process down, it is the last that was named.
  std::cout << path << std::endl;
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(content.data()),
                         content.size());
}

} // namespace

int main(int argc, char** argv) {
  size_t count = 0;
  for (auto i = 1; i < argc; ++i)
    for (auto& path : files_in(argv[i])) {
      run(path);
      ++count;
    }
  std::cout << count << " inputs\n";
  return count > 0 ? 0 : 1;
}
