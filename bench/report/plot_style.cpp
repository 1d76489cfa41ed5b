#include "bench/report/plot_style.hpp"

#include <array>

namespace onewriter::bench {

namespace {

struct colours {
  const char* ink;
  const char* quiet;
  const char* grid;
  const char* paper;
  // Blue, vermilion, green, purple, grey, orange, sky blue, olive.
  std::array<const char*, 8> lines;
};

constexpr colours light{"#1f2328",
                        "#59636e",
                        "#e4e7eb",
                        "#ffffff",
                        {"#0072b2", "#d55e00", "#009e73", "#b8578f", "#555c64",
                         "#d08c00", "#3fa0dc", "#7d7d1f"}};

constexpr colours dark{"#e6e8eb",
                       "#a2aab4",
                       "#30363d",
                       "#16191d",
                       {"#4fa8e8", "#f58549", "#35c79d", "#e59ac6", "#c3c8ce",
                        "#f2b93f", "#9bd3f5", "#cbcb6a"}};

constexpr std::array<const char*, 8> markers{
  // Disc, square, two triangles, diamond, plus, cross, bar.
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
  "M-3.5 -3.5h7v7h-7z",
  "M0 -5L4.6 3.4H-4.6z",
  "M0 5L4.6 -3.4H-4.6z",
  "M0 -5L5 0L0 5L-5 0z",
  "M-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
  "M-4.6 -2.5L-2.5 -4.6L0 -2.1L2.5 -4.6L4.6 -2.5L2.1 0L4.6 2.5L2.5 4.6"
  "L0 2.1L-2.5 4.6L-4.6 2.5L-2.1 0z",
  "M-5 -2h10v4h-10z"};

std::string rule(const std::string& selector, const std::string& declarations) {
  return ".plot " + selector + '{' + declarations + "}\n";
}

} // namespace

std::string plot_style(plot_theme theme) {
  auto& x = theme == plot_theme::light ? light : dark;
  auto result
    = rule("text", std::string{"font:12px system-ui,-apple-system,'Segoe UI',"
                               "Roboto,'Helvetica Neue',Arial,sans-serif;"
                               "font-variant-numeric:tabular-nums;fill:"}
                     + x.ink)
      + rule(".title", "font-size:14px;font-weight:600")
      + rule(".quiet", std::string{"fill:"} + x.quiet)
      + rule(".paper", std::string{"fill:"} + x.paper)
      + rule(".grid", std::string{"stroke:"} + x.grid)
      + rule(".axis", std::string{"stroke:"} + x.quiet)
      + rule(".line", "fill:none;stroke:currentColor;stroke-width:2;"
                      "stroke-linejoin:round;stroke-linecap:round")
      + rule(".dashed .line", "stroke-dasharray:7 5")
      + rule(".dotted .line", "stroke-dasharray:1 5")
      + rule(".whisker", "fill:none;stroke:currentColor;stroke-width:1.2")
      + rule(".marker", std::string{"fill:currentColor;stroke:"} + x.paper);
  for (size_t i = 0; i < x.lines.size(); ++i)
    result
      += rule(".c" + std::to_string(i), std::string{"color:"} + x.lines[i]);
  return result;
}

std::string look_classes(size_t look) {
  auto result = 'c' + std::to_string(look % light.lines.size());
  if (look >= light.lines.size())
    return result + " dotted";
  return look >= light.lines.size() / 2 ? result + " dashed" : result;
}

std::string marker_path(size_t look) {
  // Those that share a colour have different markers.
  auto turn = look / light.lines.size();
  return markers[(look + turn) % markers.size()];
}

} // namespace onewriter::bench
