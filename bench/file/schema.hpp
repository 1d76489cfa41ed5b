#pragma once

#include "bench/workload/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

/// The client of the rows that are in the file before a run: -1 in the table.
inline constexpr auto no_client = ~uint64_t{0};

/// Returns the statements that make the table which all backends write to,
/// as far as it is not there yet.
std::vector<std::string> schema_sql(const row_shape& rows);

/// Returns the statement that all backends measure. Parameters: client,
/// number, payload.
std::string insert_sql(const row_shape& rows);

/// Reads one row. Parameter: its rowid.
inline constexpr const char* select_sql
  = "SELECT client, number, payload FROM item WHERE id = ?";

/// Returns the text of a row. If the table has indexes, it starts with 16
/// characters that differ from row to row, in no order.
std::string payload_of(const row_shape& rows, uint64_t client, uint64_t number);

/// The same into a text that holds the payload of another row already, or
/// nothing.
void fill_payload(const row_shape& rows, uint64_t client, uint64_t number,
                  std::string& to);

} // namespace onewriter::bench
