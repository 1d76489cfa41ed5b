#include "bench/measure/backend.hpp"

#include <stdexcept>

namespace onewriter::bench {

const backend& find_backend(const std::vector<backend>& all,
                            const std::string& name) {
  for (auto& x : all)
    if (x.name == name)
      return x;
  throw std::runtime_error{"unknown backend " + name};
}

} // namespace onewriter::bench
