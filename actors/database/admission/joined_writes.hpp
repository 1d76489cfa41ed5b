#pragma once

#include "actors/core/session_position.hpp"
#include "actors/core/write_reply.hpp"
#include "actors/database/admission/flow_gate.hpp"
#include "onewriter/write.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace onewriter {

/// A write of a process that has joined the owner.
struct joined_write {
  std::variant<write, call> request;
  session_position position;
  write_reply reply;
};

/// Writes of one such process that have come together, in order. Each was
/// admitted by the gate; they count themselves out when they are destroyed:
/// taken out of the mailbox, or lost together with the database.
struct joined_writes {
  explicit joined_writes(flow_gate_ptr through) : gate{std::move(through)} {
    // nop
  }

  joined_writes(const joined_writes&) = delete;

  joined_writes& operator=(const joined_writes&) = delete;

  ~joined_writes() {
    gate->leave(items.size(), bytes);
  }

  flow_gate_ptr gate;
  /// Identifies the process, for fairness.
  uint64_t sender = 0;
  std::vector<joined_write> items;
  /// The size of all together.
  uint64_t bytes = 0;
};

using joined_writes_ptr = std::shared_ptr<joined_writes>;

} // namespace onewriter
