#pragma once

#include "tests/model/plan.hpp"

#include <functional>

namespace onewriter::test {

/// Leaves out steps as long as `fails` says that the rest still fails, and
/// returns what is left when no single step can be left out, or when `fails`
/// throws `out_of_patience`.
plan shrink(plan what, const std::function<bool(const plan&)>& fails);

struct out_of_patience {};

} // namespace onewriter::test
