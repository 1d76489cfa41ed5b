#pragma once

#include "actors/index/index_job.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace onewriter::test {

/// Has nothing to do.
class empty_source : public chunk_source {
public:
  explicit empty_source(chunk_kind kind) : kind_{kind} {
    // nop
  }

  chunk_kind kind() const override {
    return kind_;
  }

  caf::expected<std::optional<chunk>> next(const chunk_size&) override {
    return std::optional<chunk>{};
  }

  void committed(const chunk&, const write_receipt&) override {
    // nop
  }

  bool abandon(const caf::error&) override {
    return false;
  }

private:
  chunk_kind kind_;
};

/// Makes a job of 10 bytes for a document in the index "notes"; an empty key
/// means for none.
inline index_job make_job(uint64_t id, const std::string& key,
                          chunk_kind kind) {
  index_job result;
  result.id = id;
  result.bytes = 10;
  result.source = std::make_shared<empty_source>(kind);
  if (!key.empty())
    result.document = document_name{"notes", key};
  return result;
}

} // namespace onewriter::test
