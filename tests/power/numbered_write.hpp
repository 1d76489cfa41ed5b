#pragma once

#include "actors/core/pending_write.hpp"
#include "onewriter/write.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// The number of senders of writes.
inline constexpr uint32_t senders = 3;

/// Returns the write that makes the tables: number 0.
write table_write();

/// Returns write `number`, from 1, of `sender`: one row per part and some more
/// that change with it. All of it follows from the two numbers.
write numbered_write(uint64_t number, uint32_t sender);

/// Whether the writes of a sender are sent as those of a process that has
/// joined the owner are: with a position in a session, which is their number.
inline bool has_positions(uint32_t sender) {
  return sender == 1;
}

/// Returns `what`, the write `number`, with its position.
pending_write_ptr positioned_write(uint64_t number, uint32_t sender,
                                   uint64_t settled, work_request what);

/// Returns how many rows of the table `entry` the write inserts.
uint32_t parts_of(uint64_t number);

/// Returns the size of the payload of one of these rows, in bytes; parts count
/// from 0.
uint64_t bytes_of_part(uint64_t number, uint32_t part);

/// Whether the write replaces its sender's row of the table `scratch`.
bool replaces_scratch(uint64_t number);

/// Returns what `scratch` holds of the write, in bytes.
uint64_t bytes_of_scratch(uint64_t number);

} // namespace onewriter::test
