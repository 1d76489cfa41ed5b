#include "tests/fault/inject/own_code.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace onewriter::test {

namespace {

struct function_range {
  uintptr_t begin;
  uintptr_t end;
  std::string name;
  bool is_test;
};

// By address; complete before any thread looks at it.
std::vector<function_range> functions;

using header = ElfW(Ehdr);
using section = ElfW(Shdr);
using symbol = ElfW(Sym);

#if __ELF_NATIVE_CLASS == 64
unsigned type_of(const symbol& x) {
  return ELF64_ST_TYPE(x.st_info);
}
#else
unsigned type_of(const symbol& x) {
  return ELF32_ST_TYPE(x.st_info);
}
#endif

// A mangled name begins with its namespace, also that of a function within a
// function.
bool is_in(const std::string& name, const std::string& space) {
  auto pos = name.rfind("_Z", 0) == 0 ? size_t{2} : std::string::npos;
  while (pos < name.size() && std::strchr("ZNKV", name[pos]) != nullptr)
    ++pos;
  return pos < name.size() && name.compare(pos, space.size(), space) == 0;
}

// What runs an actor goes through CAF's loop over messages: what that allocates
// is CAF's own.
bool runs_actors(const std::string& name) {
  constexpr const char* all[]
    = {"9onewriter6compat8yielding", "9onewriter6compat13waiting_actor",
       "9onewriter6compat14calling_thread"};
  return std::any_of(std::begin(all), std::end(all),
                     [&name](const char* x) { return is_in(name, x); });
}

std::string read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool is_elf(const std::string& file) {
  return file.size() > sizeof(header)
         && std::memcmp(file.data(), ELFMAG, SELFMAG) == 0;
}

void add_symbols(const std::string& file, const section& table,
                 const section& names, uintptr_t base) {
  for (size_t at = 0; at + sizeof(symbol) <= table.sh_size;
       at += sizeof(symbol)) {
    symbol x;
    std::memcpy(&x, file.data() + table.sh_offset + at, sizeof x);
    if (type_of(x) != STT_FUNC || x.st_size == 0)
      continue;
    std::string name{file.data() + names.sh_offset + x.st_name};
    if (!is_in(name, "9onewriter") || runs_actors(name))
      continue;
    auto is_test = is_in(name, "9onewriter4test");
    auto begin = base + x.st_value;
    functions.push_back({begin, begin + x.st_size, std::move(name), is_test});
  }
}

// What is stripped has no such table, and is not the library.
void add_object(const std::string& path, uintptr_t base) {
  auto file = read_file(path);
  if (!is_elf(file))
    return;
  header head;
  std::memcpy(&head, file.data(), sizeof head);
  std::vector<section> sections(head.e_shnum);
  std::memcpy(sections.data(), file.data() + head.e_shoff,
              sections.size() * sizeof(section));
  for (auto& x : sections)
    if (x.sh_type == SHT_SYMTAB)
      add_symbols(file, x, sections.at(x.sh_link), base);
}

int visit_object(dl_phdr_info* what, size_t, void*) {
  std::string path{what->dlpi_name};
  add_object(path.empty() ? "/proc/self/exe" : path, what->dlpi_addr);
  return 0;
}

// A frame is where the function goes on, which may be behind its end where the
// call does not return.
const function_range* find(const void* frame) {
  auto address = reinterpret_cast<uintptr_t>(frame) - 1;
  auto next = std::upper_bound(
    functions.begin(), functions.end(), address,
    [](uintptr_t x, const function_range& y) { return x < y.begin; });
  if (next == functions.begin())
    return nullptr;
  auto& x = *std::prev(next);
  return address < x.end ? &x : nullptr;
}

// CAF's own functions are exported. What a function of its that wakes an actor,
// or starts one, allocates is for its threads: without it, CAF 0.17 leaves the
// actor as it is, or crashes (`scheduled_actor::launch`).
bool is_cafs_own(void* frame) {
  Dl_info found;
  return dladdr(frame, &found) != 0 && found.dli_sname != nullptr
         && std::strncmp(found.dli_sname, "_ZN3caf", 7) == 0
         && (std::strstr(found.dli_sname, "7enqueueE") != nullptr
             || std::strstr(found.dli_sname, "6launchE") != nullptr);
}

std::string demangled(const std::string& name) {
  int status = 0;
  std::unique_ptr<char, decltype(&std::free)> text{
    abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free};
  return text ? text.get() : name;
}

} // namespace

bool own_code::load() {
  dl_iterate_phdr(visit_object, nullptr);
  auto begins_before = [](const function_range& x, const function_range& y) {
    return x.begin < y.begin;
  };
  std::sort(functions.begin(), functions.end(), begins_before);
  return std::any_of(functions.begin(), functions.end(),
                     [](const function_range& x) { return !x.is_test; });
}

bool own_code::is_on(void* const* frames, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (auto x = find(frames[i]))
      return !x->is_test;
    else if (is_cafs_own(frames[i]))
      return false;
  return false;
}

std::string own_code::describe(void* const* frames, size_t count) {
  std::string result;
  for (size_t i = 0; i < count; ++i)
    if (auto x = find(frames[i]))
      result += (result.empty() ? "" : " < ") + demangled(x->name);
  return result;
}

} // namespace onewriter::test
