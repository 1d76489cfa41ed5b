#pragma once

#include <cstddef>
#include <string>

namespace onewriter::bench {

enum class plot_theme : bool { light, dark };

/// Returns the rules of a style sheet for the class `plot`. The colours can be
/// told apart by people who do not see all of them.
std::string plot_style(plot_theme theme);

/// The classes of what belongs to a line with this look.
std::string look_classes(size_t look);

/// The outline of the marker around (0, 0), as the data of a path.
std::string marker_path(size_t look);

} // namespace onewriter::bench
