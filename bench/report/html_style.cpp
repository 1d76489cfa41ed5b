#include "bench/report/html_style.hpp"

#include "bench/report/plot_style.hpp"

namespace onewriter::bench {

namespace {

constexpr const char* light_colours = R"(:root {
  color-scheme: light dark;
  --ink: #1f2328; --quiet: #59636e; --rule: #d8dde3; --paper: #ffffff;
  --stripe: #f6f7f9; --link: #0059a3;
}
)";

constexpr const char* dark_colours = R"(:root {
  --ink: #e6e8eb; --quiet: #a2aab4; --rule: #3a4048; --paper: #16191d;
  --stripe: #1e2227; --link: #7cbcf0;
}
)";

constexpr const char* page_rules = R"(* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); }
body {
  margin: 0 auto; max-width: 70rem; padding: 2rem 1.25rem 5rem;
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto,
    'Helvetica Neue', Arial, sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 {
  font-size: 1.3rem; margin: 3.5rem 0 1rem; padding-top: 1rem;
  border-top: 1px solid var(--rule);
}
h3 { font-size: 1.05rem; margin: 3rem 0 .25rem; }
p { margin: .4rem 0 1rem; max-width: 46rem; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .92em; }
.quiet, figcaption { color: var(--quiet); }
nav { color: var(--quiet); margin: .75rem 0; line-height: 1.9; }
nav a { margin-right: 1.1em; white-space: nowrap; }
dl {
  display: grid; grid-template-columns: max-content 1fr; margin: 1.5rem 0;
  gap: .3rem 1.5rem; font-size: .9rem;
}
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table {
  border-collapse: collapse; font-size: .84rem; line-height: 1.35;
  font-variant-numeric: tabular-nums;
}
th, td { padding: .3rem .65rem; text-align: right; white-space: nowrap; }
th { font-weight: 500; color: var(--quiet); }
th.text, td.text { text-align: left; }
thead th { border-bottom: 1px solid var(--quiet); vertical-align: bottom; }
tbody th {
  text-align: left; padding-top: 1rem; font-weight: 600; color: var(--ink);
  border-bottom: 1px solid var(--rule);
}
tbody tr:nth-child(odd) td { background: var(--stripe); }
tr.own td { font-weight: 600; }
figure { margin: 1.25rem 0 2.5rem; max-width: 56rem; }
figure svg { display: block; width: 100%; min-width: 40rem; height: auto; }
figcaption { font-size: .9rem; margin-top: .4rem; max-width: 46rem; }
@media (max-width: 34rem) {
  body { padding: 1.25rem 1rem 3rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print { figure, h3 { break-inside: avoid; } }
)";

} // namespace

std::string html_style() {
  auto result = light_colours + plot_style(plot_theme::light) + page_rules;
  return result + "@media (prefers-color-scheme: dark) {\n" + dark_colours
         + plot_style(plot_theme::dark) + "}\n";
}

} // namespace onewriter::bench
