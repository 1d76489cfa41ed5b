#include "bench/options/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace onewriter::bench {

namespace {

using strings = std::vector<std::string>;

// The largest that is taken of each kind.
constexpr size_t max_clients = 4'096;
constexpr size_t max_outstanding = 1'000;
constexpr size_t max_pending = 65'536;
constexpr size_t max_readers = 1'024;
constexpr double max_seed = 1e15;

// -- values ---------------------------------------------------------------------

std::string limit_text(double x) {
  std::ostringstream result;
  result.precision(15);
  result << x;
  return result.str();
}

// `64x16`: clients, and writes of each on their way.
std::optional<std::pair<size_t, size_t>> read_size(const std::string& text) {
  std::istringstream from{text};
  size_t clients = 0;
  size_t outstanding = 0;
  char by = 0;
  auto is_complete
    = from >> clients >> by >> outstanding && by == 'x' && from.peek() == EOF;
  if (!is_complete || clients < 1 || clients > max_clients || outstanding < 1
      || outstanding > max_outstanding || clients * outstanding > max_pending)
    return std::nullopt;
  return std::pair{clients, outstanding};
}

std::string problem_with_size(const std::string& text) {
  if (read_size(text))
    return {};
  return '"' + text + "\" is not a size such as 64x16, with at most "
         + std::to_string(max_clients) + " clients, "
         + std::to_string(max_outstanding)
         + " writes of each on their way, and " + std::to_string(max_pending)
         + " of all";
}

strings texts_of(const std::vector<std::pair<size_t, size_t>>& sizes) {
  strings result;
  for (auto [clients, outstanding] : sizes)
    result.push_back(std::to_string(clients) + 'x'
                     + std::to_string(outstanding));
  return result;
}

strings texts_of(const std::vector<size_t>& numbers) {
  strings result;
  for (auto x : numbers)
    result.push_back(std::to_string(x));
  return result;
}

// -- options --------------------------------------------------------------------

template <class T>
CLI::Option* add_number(CLI::App& to, const char* name, T& value, double least,
                        double most, const std::string& text) {
  auto allowed = limit_text(least) + " to " + limit_text(most);
  auto check = [=](const std::string& typed) -> std::string {
    std::istringstream from{typed};
    double x = 0;
    if (from >> x && from.peek() == EOF && x >= least && x <= most)
      return {};
    return "must be " + allowed;
  };
  return to.add_option(name, value, text + ", " + allowed)
    ->capture_default_str()
    ->check(check);
}

// A list is one word, with commas in it.
CLI::Option* add_list(CLI::App& to, const char* name, strings& values,
                      const std::string& text) {
  return to.add_option(name, values, text)
    ->type_name("LIST")
    ->delimiter(',')
    ->allow_extra_args(false);
}

// Comes before what is wrong with the other words.
void add_help(CLI::App& to) {
  to.set_help_flag();
  to.add_flag_callback(
      "-h,-?,--help",
      [&to] {
        throw CLI::CallForHelp{to.help(), CLI::ExitCodes::Success};
      },
      "print this text")
    ->trigger_on_parse();
}

std::string footer() {
  std::string result
    = "Options of the database and of CAF, such as --onewriter.readers=2, are "
      "listed by\n--long-help; --config-file=FILE names a file of them in "
      "CAF's syntax.\n\n"
      "exit status: 0 on success, 1 if a measurement failed, 2 for bad "
      "arguments,\n130 if a signal ended the program\n\nworkloads:\n";
  for (auto& x : all_workloads()) {
    auto name = x.name;
    name.resize(std::max<size_t>(12, name.size()), ' ');
    result += "  " + name + "  " + x.summary + '\n';
  }
  return result;
}

/// CLI11's reader of a command line.
class reader {
public:
  reader() {
    add_help(app_);
    app_.footer(footer());
    add_words();
    add_measuring();
    add_loads();
    add_output();
  }

  /// `words` come last first.
  command_line read(strings words) {
    app_.parse(std::move(words));
    auto& options = result_.options;
    options.levels.clear();
    for (auto& x : levels_)
      from_string(x, options.levels.emplace_back());
    options.shape.sizes.clear();
    for (auto& x : sizes_)
      options.shape.sizes.push_back(*read_size(x));
    if (sizes_option_->count() > 0) {
      options.shape.reader_sizes = options.shape.sizes;
      options.shape.process_sizes = options.shape.sizes;
    }
    check_commands();
    return std::move(result_);
  }

private:
  void add_words() {
    strings names{"all"};
    for (auto& x : all_workloads())
      names.push_back(x.name);
    app_
      .add_option("workloads", result_.workloads,
                  "what is measured: all, or some of those below; default "
                  "writes")
      ->type_name("")
      ->check(CLI::IsMember(names).description(""));
    add_command("targets", command::targets,
                "compares figures with their targets");
    add_command("results", command::results,
                "targets, all workloads, and scaling, as a page");
    add_command("processes", command::processes,
                "1 to 8 client processes, and how soon one takes over");
  }

  void add_command(const char* name, command what, const char* text) {
    auto& to = *app_.add_subcommand(name, text);
    to.fallthrough();
    to.callback([this, what] { result_.command = what; });
    add_help(to);
    to.footer("It takes the options of onewriter-bench, but for those of "
              "workloads;\nsee onewriter-bench --help.");
  }

  void add_measuring() {
    auto& to = result_.options;
    add_number(app_, "-s,--seconds", to.seconds, 0.001, 3'600,
               "seconds that each measurement takes");
    add_number(app_, "-r,--rounds", to.rounds, 1, 1'000,
               "repetitions, alternating between all backends; the median is "
               "reported");
    app_
      .add_option("-f,--folder", to.folder, "where files are made and removed")
      ->capture_default_str()
      ->check(CLI::ExistingDirectory);
    add_list(app_, "-l,--levels", levels_,
             "levels of synchronous, separated by commas; default "
             "full,normal")
      ->check(CLI::IsMember({"full", "normal"}));
    add_list(app_, "-o,--only", to.backends,
             "backends to measure, separated by commas; default: all that "
             "support the workload");
    add_number(app_, "--seed", to.seed, 0, max_seed,
               "seed of all random numbers");
    add_number(app_, "--takeovers", to.takeovers, 0, 1'000,
               "for the command processes: how often an owner is killed");
    add_number(app_, "--max-database-gb", to.max_database_gb, 0, 1'000,
               "GB of the largest file that is filled before a run");
  }

  void add_loads() {
    auto& to = result_.options.shape;
    sizes_option_
      = add_list(app_, "--sizes", sizes_,
                 "for the workloads writes and readers, and the command "
                 "processes: clients x writes in flight per client; default of "
                 "writes "
                   + CLI::detail::join(sizes_) + ", of readers "
                   + CLI::detail::join(texts_of(to.reader_sizes))
                   + ", of processes "
                   + CLI::detail::join(texts_of(to.process_sizes)))
          ->check(problem_with_size);
    load_options_
      = {sizes_option_, add_readers(to.readers),
         add_number(app_, "--rate", to.arrivals_per_second, 1, 10'000'000,
                    "for the workload arrivals: writes per second"),
         add_number(app_, "--row-bytes", to.payload_bytes, 1, 1'000'000,
                    "for all workloads: bytes of text in a row")};
  }

  CLI::Option* add_readers(std::vector<size_t>& to) {
    return app_
      .add_option("--readers", to,
                  "for the workload readers: how many there are, separated by "
                  "commas; default "
                    + CLI::detail::join(texts_of(to)))
      ->type_name("LIST")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(size_t{1}, max_readers).description(""));
  }

  void add_output() {
    auto& to = result_.options;
    app_.add_flag("-j,--json", to.json, "print one JSON object, not tables");
    app_.add_flag("--markdown", to.markdown,
                  "for the command processes: print its section of the page");
    app_
      .add_option("--results", to.results,
                  "the file that the command results writes")
      ->capture_default_str();
  }

  void check_commands() const {
    auto commands = app_.get_subcommands();
    if (commands.empty())
      return;
    auto name = commands.front()->get_name();
    if (!result_.workloads.empty() || commands.size() > 1)
      throw std::invalid_argument{
        "the command " + name + " takes no workloads, and no other command"};
    auto takes_sizes = result_.command == command::processes;
    for (auto* x : load_options_)
      if (x->count() > 0 && !(takes_sizes && x == sizes_option_))
        throw std::invalid_argument{x->get_name()
                                    + ": applies to workloads; the command "
                                    + name + " has fixed ones"};
  }

  CLI::App app_{"Measures acknowledged, durable writes and their latency, "
                "through onewriter and\nthrough the usual alternatives.",
                "onewriter-bench"};
  command_line result_;
  strings levels_{"full", "normal"};
  strings sizes_ = texts_of(load_shape{}.sizes);
  CLI::Option* sizes_option_ = nullptr;
  std::vector<CLI::Option*> load_options_;
};

// Whether CAF reads it: an option of a group, or of the configuration itself.
bool is_passed_on(const std::string& word) {
  auto name = word.substr(0, word.find('='));
  return name.rfind("--", 0) == 0
         && (name.find('.') != name.npos || name == "--config-file"
             || name == "--dump-config" || name == "--long-help");
}

} // namespace

command_line read_command_line(const strings& words) {
  strings own;
  strings passed_on;
  std::partition_copy(words.rbegin(), words.rend(),
                      std::back_inserter(passed_on), std::back_inserter(own),
                      is_passed_on);
  std::reverse(passed_on.begin(), passed_on.end());
  try {
    auto result = reader{}.read(std::move(own));
    result.options.passed_on = std::move(passed_on);
    return result;
  } catch (const CLI::CallForHelp& x) {
    command_line result;
    result.help = x.what();
    return result;
  } catch (const CLI::ParseError& x) {
    throw std::invalid_argument{x.what()};
  }
}

} // namespace onewriter::bench
