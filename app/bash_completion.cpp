#include "app/bash_completion.hpp"

#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace onewriter::node {

namespace {

// Sets `command` to the first word that is no option, `position` to the number
// of arguments behind it, and calls what follows. bash splits words at `=`.
constexpr const char* script_begin
  = R"(# Completes the command line of onewriter in bash; made by
# `onewriter completion bash`.

_onewriter_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_onewriter_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

_onewriter() {
  local current=${COMP_WORDS[COMP_CWORD]}
  local previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' position=0 i
  COMPREPLY=()
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $previous == '=' ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} == -* ]]; then
      case $command:${COMP_WORDS[i]} in
@VALUE_OPTIONS@
        [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((++i))
        ((++i))
        ;;
      esac
    elif [[ -z $command ]]; then
      command=${COMP_WORDS[i]}
    else
      ((++position))
    fi
  done
)";

constexpr const char* script_end = R"(}

complete -F _onewriter onewriter
)";

std::string joined(const std::vector<std::string>& words, const char* gap) {
  std::string result;
  for (auto& word : words)
    result += (result.empty() ? "" : gap) + word;
  return result;
}

std::vector<std::string> names_of(const CLI::Option& x) {
  std::vector<std::string> result;
  for (auto& name : x.get_snames())
    result.push_back('-' + name);
  for (auto& name : x.get_lnames())
    result.push_back("--" + name);
  return result;
}

bool takes_value(const CLI::Option& x) {
  return x.get_type_size() != 0;
}

// What `one_of` allows; empty where any value is.
std::string values_of(CLI::Option& x) {
  try {
    for (auto i = 0;; ++i)
      if (auto& name = x.get_validator(i)->get_name(); !name.empty())
        return name;
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

// The action for a value of `x`.
std::string completion_of(CLI::Option& x) {
  if (auto values = values_of(x); !values.empty())
    return "_onewriter_words '" + values + '\'';
  auto type = x.get_type_name();
  // Arguments say nothing about what they are, and most are files.
  auto is_file = type.empty() || type == "FILE" || type == "PATH";
  return is_file ? "_onewriter_files" : ":";
}

std::vector<CLI::App*> commands_of(CLI::App& program) {
  return program.get_subcommands([](CLI::App*) { return true; });
}

std::string command_names(CLI::App& program) {
  std::vector<std::string> result;
  for (auto command : commands_of(program))
    result.push_back(command->get_name());
  return joined(result, " ");
}

std::string clause(const std::string& pattern, const std::string& action) {
  return "    " + pattern + ") " + action + " ;;\n";
}

// For `case` over the command and an option.
std::string patterns_of(const std::string& command, const CLI::Option& x) {
  std::vector<std::string> result;
  for (auto& name : names_of(x))
    result.push_back(command + ':' + name);
  return joined(result, "|");
}

std::string value_option_patterns(CLI::App& program) {
  std::vector<std::string> result;
  for (auto command : commands_of(program))
    for (auto x : command->get_options())
      if (x->nonpositional() && takes_value(*x))
        result.push_back(patterns_of(command->get_name(), *x));
  return "      " + joined(result, " | \\\n        ") + ')';
}

// Completes the value of an option.
std::string value_cases(CLI::App& program) {
  std::string result = "  case $command:$previous in\n";
  for (auto command : commands_of(program))
    for (auto x : command->get_options())
      if (x->nonpositional() && takes_value(*x))
        result += clause(patterns_of(command->get_name(), *x),
                         completion_of(*x) + "; return");
  return result + "  esac\n";
}

std::string option_names(CLI::App& of) {
  std::vector<std::string> result;
  for (auto x : of.get_options())
    if (x->nonpositional())
      for (auto& name : names_of(*x))
        result.push_back(name);
  return joined(result, " ");
}

// Completes the name of an option.
std::string option_cases(CLI::App& program) {
  std::string result = "  if [[ $current == -* ]]; then\n  case $command in\n";
  result += clause("''", "_onewriter_words '" + option_names(program) + '\'');
  for (auto command : commands_of(program))
    result += clause(command->get_name(),
                     "_onewriter_words '" + option_names(*command) + '\'');
  return result + "  esac\n  return\n  fi\n";
}

// Completes commands and arguments.
std::string argument_cases(CLI::App& program) {
  std::string result = "  case $command:$position in\n";
  result += clause("':0'",
                   "_onewriter_words 'help " + command_names(program) + '\'');
  result
    += clause("help:0", "_onewriter_words '" + command_names(program) + '\'');
  for (auto command : commands_of(program)) {
    auto position = 0;
    for (auto x : command->get_options())
      if (!x->nonpositional()) {
        auto action = completion_of(*x);
        auto number = std::to_string(position++);
        if (action != "_onewriter_files")
          result += clause(command->get_name() + ':' + number, action);
      }
  }
  return result + clause("*", "_onewriter_files") + "  esac\n";
}

} // namespace

std::string bash_completion(CLI::App& program) {
  std::string begin = script_begin;
  constexpr std::string_view place = "@VALUE_OPTIONS@";
  begin.replace(begin.find(place), place.size(),
                value_option_patterns(program));
  return begin + value_cases(program) + option_cases(program)
         + argument_cases(program) + script_end;
}

} // namespace onewriter::node
