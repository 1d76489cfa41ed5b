#pragma once

#include <string>

namespace onewriter::bench {

/// Returns the style sheet of the page, with that of its plots.
std::string html_style();

} // namespace onewriter::bench
