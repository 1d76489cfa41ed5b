#pragma once

#include "actors/index/jobs/index_step.hpp"
#include "actors/index/tables/version_store.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

/// Begins, continues or ends the new version of a document, or all of it.
class document_step : public index_step {
public:
  void run(sticky_sql& db) override;

  document_name name;
  std::string path;
  document_digest digest;
  open_version version;
  std::vector<passage> passages;
  bool begins = false;
  bool publishes = false;
  // The result.
  version_start start;
  bool replaced = false;
};

/// Turns the version of a document that is being written into garbage.
class discard_step : public index_step {
public:
  explicit discard_step(document_name name) : name_{std::move(name)} {
    // nop
  }

  void run(sticky_sql& db) override;

private:
  document_name name_;
};

/// Returns those of `passages` that begin at `offset` or later.
std::vector<passage> passages_from(const std::vector<passage>& passages,
                                   uint64_t offset);

} // namespace onewriter
