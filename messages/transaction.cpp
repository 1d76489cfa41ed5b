#include "onewriter/transaction.hpp"

#include "onewriter/job.hpp"

namespace onewriter {

// Out of line, so that each class has its vtable in one place.
session::~session() = default;

chunked_task::~chunked_task() = default;

} // namespace onewriter
