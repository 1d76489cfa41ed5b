#pragma once

#include "onewriter/options.hpp"
#include "onewriter/write.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// Clients that write at the same time, numbered from 0.
inline constexpr uint32_t client_count = 8;

/// Returns the write that creates the tables, which may be there already.
write creation_of_tables();

/// Returns the write of a row and, atomically, of the client's count of
/// rows. Nothing in the schema keeps a row from being there twice, so that what
/// is applied twice can be seen.
write write_of_row(uint32_t client, uint64_t number);

/// Does the same in a function, after a large statement has failed whose error
/// it swallows; see `burden.hpp`.
call call_of_row(uint32_t client, uint64_t number);

/// Registers the function that `call_of_row` names.
void add_row_function(options& to);

/// Returns what a row holds beside its number: mostly some hundred bytes, now
/// and then more than fits on a page.
std::string content_of(uint32_t client, uint64_t number);

} // namespace onewriter::test
