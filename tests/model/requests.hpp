#pragma once

#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"
#include "tests/model/ledger/document_ledger.hpp"
#include "tests/model/ledger/entry_ledger.hpp"
#include "tests/model/step.hpp"
#include "tests/strain/burden.hpp"

#include <memory>
#include <string>
#include <vector>

namespace onewriter::test {

/// Creates the tables that the steps write to; may be run again.
write schema_of_model();

/// Adds the functions that `call` steps name.
void add_functions(options& to);

/// What a step does to the table `entry`, as far as the step alone tells.
entry_request entry_of(const step& x);

/// The error that a step that cannot succeed ends with; `ec::none` for one that
/// can.
ec certain_error(const step& x);

/// What a transaction finds out while it runs; read when its receipt has come.
struct found_version {
  uint64_t version = 0;
};

// Each returns the message of a step of its kind. `version` is the version that
// the sender believes the counter to have.

write write_of(const step& x, uint64_t version);

call call_of(const step& x);

/// Returns the burden of a step, of which there is none without tiny resources.
burden burden_of(const step& x);

transaction transaction_of(const step& x,
                           const std::shared_ptr<found_version>& found);

best_effort best_effort_of(const step& x);

/// Returns what an index step does.
document_request document_of(const step& x);

/// `path` belongs to the version that the step indexes: it is written where it
/// does not exist.
chunked_index index_of(const step& x, const std::string& path);

/// Whether a step sends a write, a call or a transaction.
bool is_write(action x);

bool is_call(action x);

bool is_transaction(action x);

} // namespace onewriter::test
