#include "bench/report/html.hpp"

#include "bench/report/curves.hpp"
#include "bench/report/finding_cells.hpp"
#include "bench/report/grid_parts.hpp"
#include "bench/report/html_style.hpp"
#include "bench/report/markup.hpp"
#include "bench/report/wording.hpp"

#include <algorithm>
#include <string_view>

namespace onewriter::bench {

namespace {

constexpr const char* introduction
  = "<p>Every figure is about writes that were acknowledged after their commit "
    "and found in the file afterwards. Rows per second are those of the median "
    "round; spread says how far the slowest and the fastest round are from it. "
    "Latencies are those of the writes of the median round, as their senders "
    "saw them: from the request, or from when it was due where writes arrive "
    "at a rate, to its reply.</p>\n";

constexpr const char* of_raw
  = "<p class=\"quiet\">\u201cof raw\u201d compares rows per second with the "
    "backend \u201craw-1000\u201d of the same workload.</p>\n";

constexpr const char* latency_caption
  = "How to read: at 99 %, one of 100 writes took longer than the line is "
    "high. Lower is better, and a line that stays flat to the right has no "
    "stragglers. A line ends where fewer than ten writes took longer.";

constexpr const char* timeline_caption
  = "How to read: what was acknowledged in each part of the run, above, and "
    "how long the slowest 1 % of it took at least, below. A dip above a peak "
    "is a pause. Replies that came after the end belong to the last part.";

constexpr const char* client_caption
  = "How to read: each step to the right has more clients, each step up more "
    "rows; both axes are logarithmic, so that equal steps are equal factors. "
    "Higher is better. Whiskers reach from the slowest to the fastest round.";

// -- tables -------------------------------------------------------------------------

// Columns have their titles in ASCII.
std::string proper_unit(std::string title) {
  constexpr std::string_view unit = " us";
  auto start = title.size() - std::min(title.size(), unit.size());
  return title.substr(start) == unit ? title.replace(start, 3, " \u00b5s")
                                     : title;
}

std::string text_class(const grid::column& x) {
  return x.is_text ? "class=\"text\"" : "";
}

std::string titles(const grid& of) {
  std::string result = "<thead><tr>";
  for (auto& x : of.columns)
    result += element("th", proper_unit(x.title), text_class(x));
  return result + "</tr></thead>\n";
}

std::string group_rows(const grid& of, const grid::group& group) {
  auto columns = "colspan=\"" + std::to_string(of.columns.size()) + '"';
  auto result
    = "<tbody>\n<tr>" + element("th", group.workload, columns) + "</tr>\n";
  for (auto& line : group.lines) {
    auto own = line.backend.rfind("onewriter", 0) == 0;
    result += own ? "<tr class=\"own\">" : "<tr>";
    for (size_t i = 0; i < line.cells.size(); ++i)
      result += element("td", line.cells[i], text_class(of.columns[i]));
    result += "</tr>\n";
  }
  return result + "</tbody>\n";
}

std::string table(const grid& of) {
  auto result = "<div class=\"wide\"><table>\n" + titles(of);
  for (auto& x : of.groups)
    result += group_rows(of, x);
  return result + "</table></div>\n";
}

std::string tables(const grid& of) {
  auto writes = write_part(of);
  auto result = table(writes);
  if (writes.columns.back().title == "of raw")
    result += of_raw;
  auto aside = aside_part(of);
  if (aside.groups.empty())
    return result;
  return result + "<h3>" + title_of_aside(aside) + "</h3>\n" + table(aside);
}

// -- sections -----------------------------------------------------------------------

std::string figure(const plot_figure& of, const char* caption) {
  return "<figure>\n<div class=\"wide\">" + to_svg(of, plot_place::page)
         + "</div>\n" + element("figcaption", caption) + "\n</figure>\n";
}

std::string anchor(const level& of, size_t workload) {
  return to_string(of.synchronous) + '-' + std::to_string(workload + 1);
}

std::string links(const level& of) {
  std::string result = "<nav>Plots: ";
  for (size_t i = 0; i < of.workloads.size(); ++i)
    result
      += element("a", of.workloads[i].name, "href=\"#" + anchor(of, i) + '"')
         + '\n';
  return result + "</nav>\n";
}

std::string workload_section(const level& of, size_t index,
                             const backend_names& names) {
  auto& group = of.workloads[index];
  auto result
    = element("h3", group.name, "id=\"" + anchor(of, index) + '"') + '\n';
  result
    += element("p", describe(group.all.front()->what) + '.', "class=\"quiet\"");
  return result + '\n' + figure(latency_figure(group, names), latency_caption)
         + figure(timeline_figure(group, names), timeline_caption);
}

std::string level_section(const level& of, const grid& figures,
                          const backend_names& names) {
  auto result = "<section>\n<h2><code>PRAGMA synchronous = "
                + escaped(to_string(of.synchronous)) + "</code></h2>\n"
                + tables(figures);
  for (auto& x : client_figures(of, names))
    result += figure(x, client_caption);
  result += links(of);
  for (size_t i = 0; i < of.workloads.size(); ++i)
    result += workload_section(of, i, names);
  return result + "</section>\n";
}

std::string target_row(const finding& x) {
  constexpr auto text = "class=\"text\"";
  return (x.is_met() ? "<tr>" : "<tr class=\"own\">")
         + element("td", x.name, text) + element("td", measured_cell(x))
         + element("td", limit_cell(x), text) + element("td", met_cell(x), text)
         + element("td", figures_cell(x), text) + "</tr>\n";
}

std::string target_section(const std::vector<finding>& of) {
  if (of.empty())
    return {};
  constexpr auto text = "class=\"text\"";
  auto result = "<section>\n<h2>Targets</h2>\n"
                + element("p", summary_of(of), "class=\"quiet\"")
                + "\n<div class=\"wide\"><table>\n<thead><tr>"
                + element("th", "target", text) + element("th", "measured")
                + element("th", "wanted", text) + element("th", "met", text)
                + element("th", "made of", text) + "</tr></thead>\n<tbody>\n";
  for (auto& x : of)
    result += target_row(x);
  return result + "</tbody>\n</table></div>\n</section>\n";
}

std::string facts_list(const facts& about) {
  std::string result = "<dl>\n";
  for (auto& [name, value] : about)
    result += element("dt", name) + element("dd", value) + '\n';
  return result + "</dl>\n";
}

std::string head() {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n"
         "<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n<title>onewriter-bench</title>\n<style>\n"
         + html_style() + "</style>\n</head>\n";
}

} // namespace

std::string to_html(const results& of) {
  auto result = head() + "<body>\n<h1>onewriter-bench</h1>\n" + introduction
                + facts_list(of.about) + target_section(of.targets);
  auto levels = by_level(of);
  auto grids = make_grids(of);
  backend_names names{of};
  for (size_t i = 0; i < levels.size(); ++i)
    result += level_section(levels[i], grids[i], names);
  return result + "</body>\n</html>\n";
}

} // namespace onewriter::bench
