#pragma once

#include "app/audit/core/audit_options.hpp"
#include "app/audit/core/facts.hpp"

#include <string>

namespace onewriter::node {

/// Finds out about the database that `asked` names. Returns why it cannot be
/// audited, on one line; empty if it can. Must not run in a process that has
/// the database open: it would drop the locks of that process.
[[nodiscard]] std::string gather_facts(const audit_options& asked,
                                       audit_facts& result);

/// Runs `onewriter audit` and prints to standard output, errors to standard
/// error. Returns the exit status: 0 if nothing is at risk, 1 if something is,
/// 2 if what was named cannot be audited.
int run_audit(const audit_options& asked);

} // namespace onewriter::node
