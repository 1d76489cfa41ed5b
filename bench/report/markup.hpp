#pragma once

#include <string>
#include <string_view>

// The little of HTML and SVG that is written in more than one place.

namespace onewriter::bench {

/// Makes any bytes fit to be a text or the value of an attribute.
std::string escaped(std::string_view text);

/// Returns `<name attributes>text</name>`; only `text` is escaped.
std::string element(std::string_view name, std::string_view text,
                    std::string_view attributes = {});

/// A number of pixels with at most one decimal: `12`, `12.5`.
std::string pixels(double x);

} // namespace onewriter::bench
