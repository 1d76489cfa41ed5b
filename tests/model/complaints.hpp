#pragma once

#include <string>
#include <utility>
#include <vector>

namespace onewriter::test {

/// Collects what broke the contract, in sentences.
class complaints {
public:
  /// Notes `sentence` unless `kept`; returns `kept`.
  bool expect(bool kept, std::string sentence) {
    if (!kept)
      sentences_.push_back(std::move(sentence));
    return kept;
  }

  void add(std::string sentence) {
    sentences_.push_back(std::move(sentence));
  }

  const std::vector<std::string>& all() const {
    return sentences_;
  }

private:
  std::vector<std::string> sentences_;
};

} // namespace onewriter::test
