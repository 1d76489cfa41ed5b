#include "app/arguments.hpp"

#include "actors/console/format.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace onewriter::node {

namespace {

constexpr uint32_t most_peers = 10'000;
constexpr double longest_run_s = 1'000'000;
constexpr double shortest_chaos_s = 0.01;
constexpr double longest_chaos_s = 3'600;

constexpr const char* text = R"(usage: onewriter demo [OPTIONS] [PATH]
       onewriter --help | --version

Runs a small peer-to-peer content node on the files below PATH (default:
/usr/share/doc, else the working directory). The node stores the files as
blocks and indexes their text, while a swarm of peers connects, updates and
searches. All of them use one SQLite file that one actor owns. At the end the
demo checks the file against the replies that the actors got.

Options:
  --db FILE         the database; default: a fresh file in a new temporary
                    folder, which is kept
  --seconds N       run for N seconds; default: until every file is stored and
                    indexed
  --peers N         peers that connect again and again; default: 64
  --chaos SECONDS   make the writer fail every SECONDS, for instance 0.5
  --quiet           print the summary only
  --json            print one JSON object at the end and nothing else
  -h, --help        print this text
  --version         print the version

Options of the database begin with --onewriter., for instance
--onewriter.synchronous=normal; `onewriter demo --long-help` lists them all.
A file in CAF's syntax may set them as well: --config-file=FILE.

Ctrl-C stops the demo in order, with the checks; a second one exits at once.

Exit status: 0 if every check holds, 1 if a check fails or the demo cannot run,
2 for bad arguments, 130 after a second Ctrl-C.
)";

// A duration that is written as a number of seconds, fractions allowed.
std::optional<double> number_of(const std::string& word) {
  auto is_part = [](char c) {
    return (c >= '0' && c <= '9') || c == '.';
  };
  for (auto c : word)
    if (!is_part(c))
      return std::nullopt;
  char* end = nullptr;
  auto result = std::strtod(word.c_str(), &end);
  if (word.empty() || end != word.c_str() + word.size())
    return std::nullopt;
  return result;
}

std::chrono::nanoseconds seconds(double x) {
  return std::chrono::nanoseconds{std::llround(x * 1e9)};
}

// Whether CAF knows what to do with `word`: options of groups have a dot.
bool is_system_option(const std::string& name) {
  return name.find('.') != std::string::npos || name == "--config-file"
         || name == "--long-help" || name == "--dump-config";
}

class parser {
public:
  explicit parser(const std::vector<std::string>& words) : words_{words} {
    // nop
  }

  arguments run() {
    while (result_.problem.empty() && next_ < words_.size())
      read(words_[next_++]);
    if (result_.problem.empty() && !seen_command_ && !decided_)
      result_.problem = "a command is missing";
    return result_;
  }

private:
  void read(const std::string& word) {
    if (literal_ || word.size() < 2 || word.front() != '-')
      return read_operand(word);
    if (word == "--")
      literal_ = true;
    else
      read_option(word);
  }

  void read_operand(const std::string& word) {
    if (!seen_command_)
      return read_command(word);
    if (word.empty())
      result_.problem = "PATH is empty";
    else if (!result_.demo.path.empty())
      result_.problem = "only one PATH is allowed, not '" + result_.demo.path
                        + "' and '" + word + "'";
    else
      result_.demo.path = word;
  }

  void read_command(const std::string& word) {
    seen_command_ = true;
    if (word == "demo")
      asked_for(command::demo);
    else if (word == "help")
      asked_for(command::help);
    else
      result_.problem = "unknown command '" + word + "'";
  }

  // Help comes before anything else that is asked for.
  void asked_for(enum command what) {
    if (!decided_)
      result_.command = what;
    decided_ = decided_ || what != command::demo;
  }

  void read_option(const std::string& word) {
    auto equals = word.find('=');
    auto name = word.substr(0, equals);
    value_.reset();
    if (equals != std::string::npos)
      value_ = word.substr(equals + 1);
    if (is_system_option(name))
      result_.system.push_back(word);
    else if (!read_flag(name) && !read_setting(name))
      result_.problem = "unknown option " + name;
  }

  bool read_flag(const std::string& name) {
    if (name == "--help" || name == "-h")
      asked_for(command::help);
    else if (name == "--version")
      asked_for(command::version);
    else if (name == "--quiet")
      result_.demo.quiet = true;
    else if (name == "--json")
      result_.demo.json = true;
    else
      return false;
    if (value_)
      result_.problem = name + " takes no value";
    return true;
  }

  bool read_setting(const std::string& name) {
    if (name == "--db")
      read_db();
    else if (name == "--seconds")
      result_.demo.duration = seconds(read_number(name, 0, longest_run_s));
    else if (name == "--peers")
      read_peers();
    else if (name == "--chaos")
      result_.demo.chaos
        = seconds(read_number(name, shortest_chaos_s, longest_chaos_s));
    else
      return false;
    return true;
  }

  void read_db() {
    result_.demo.db = value_of("--db");
    if (result_.problem.empty() && result_.demo.db.empty())
      result_.problem = "--db requires a file name";
  }

  void read_peers() {
    auto count = read_number("--peers", 1, most_peers);
    result_.demo.peers = static_cast<uint32_t>(count);
    if (count != std::floor(count))
      result_.problem = "--peers requires a whole number";
  }

  double read_number(const std::string& name, double min, double max) {
    auto word = value_of(name);
    if (!result_.problem.empty())
      return min;
    auto result = number_of(word);
    if (result && *result >= min && *result <= max)
      return *result;
    result_.problem = name + " requires a number from " + short_number(min)
                      + " to " + short_number(max) + ", not '" + word + "'";
    return min;
  }

  std::string value_of(const std::string& name) {
    if (value_)
      return *value_;
    if (next_ < words_.size())
      return words_[next_++];
    result_.problem = name + " requires a value";
    return {};
  }

  static std::string short_number(double x) {
    return x == std::floor(x) ? with_separators(static_cast<uint64_t>(x))
                              : format_fixed(x, 2);
  }

  const std::vector<std::string>& words_;
  size_t next_ = 0;
  bool literal_ = false;
  bool seen_command_ = false;
  bool decided_ = false;
  std::optional<std::string> value_;
  arguments result_;
};

} // namespace

arguments parse_arguments(const std::vector<std::string>& words) {
  return parser{words}.run();
}

std::string help_text() {
  return text;
}

} // namespace onewriter::node
