#include "app/audit/report/report_json.hpp"

#include "app/audit/gather/lock_table.hpp"

#include <limits>

#include <nlohmann/json.hpp>

namespace onewriter::node {

namespace {

// Members keep their order.
using ordered = nlohmann::ordered_json;

ordered null_if_empty(const std::string& x) {
  return x.empty() ? ordered(nullptr) : ordered(x);
}

ordered files_json(const audit_facts& x) {
  auto result = ordered::array();
  for_each_part([&](file_part part) {
    auto& state = x.parts[part];
    if (state.identity)
      result.push_back(
        {{"path", x.path + suffix_of(part)}, {"bytes", state.bytes}});
  });
  return result;
}

// SQLite marks those that are free with the largest number.
ordered read_marks_json(const index_facts& index) {
  constexpr auto free_mark = std::numeric_limits<uint32_t>::max();
  auto result = ordered::array();
  for (auto x : index.read_marks)
    result.push_back(x == free_mark ? ordered(nullptr) : ordered(x));
  return result;
}

ordered index_json(const audit_facts& x) {
  auto& index = x.log.index;
  if (!index)
    return nullptr;
  auto pins = ordered::array();
  for (auto& pin : pins_of(x))
    pins.push_back({{"process", pin.process},
                    {"read_mark", pin.mark},
                    {"frame", pin.frame}});
  return {
    {"frames", index->frames},
    {"copied", index->copied},
    {"read_marks", read_marks_json(*index)},
    {"held_read_marks", pins},
  };
}

ordered journal_json(const audit_facts& x) {
  return {
    {"mode", x.header.uses_log() ? "wal" : "rollback"},
    {"write_version", x.header.write_version},
    {"read_version", x.header.read_version},
    {"page_bytes", x.header.page_bytes},
    {"log_bytes", x.parts[file_part::log].bytes},
    {"frames", frames_of(x)},
    {"index", index_json(x)},
    {"journal_filled", x.journal_filled},
  };
}

const char* to_text(reset_bug x) {
  constexpr const char* names[] = {"no", "yes", "unknown"};
  return names[static_cast<size_t>(x)];
}

ordered libraries_json(const open_process& x) {
  auto result = ordered::array();
  for (auto& copy : x.libraries)
    result.push_back({
      {"path", copy.path},
      {"version", null_if_empty(copy.version)},
      {"source_date", null_if_empty(copy.date)},
      {"wal_reset_bug", to_text(copy.bug)},
    });
  return result;
}

ordered handles_json(const audit_facts& x, const open_process& process) {
  auto result = ordered::array();
  for_each_part([&](file_part part) {
    auto& count = process.handles[part];
    if (count.total() > 0)
      result.push_back({{"path", x.path + suffix_of(part)},
                        {"reading", count.reading},
                        {"writing", count.writing}});
  });
  return result;
}

ordered lost_json(const audit_facts& x, const open_process& process) {
  auto result = ordered::array();
  for (auto& lost : process.lost)
    result.push_back({{"path", x.path + suffix_of(lost.part)},
                      {"descriptor", lost.descriptor}});
  return result;
}

ordered processes_json(const audit_facts& x) {
  auto result = ordered::array();
  for (auto& process : x.processes.open)
    result.push_back({
      {"process", process.id},
      {"command", process.command},
      {"open_files", handles_json(x, process)},
      {"deleted_files", lost_json(x, process)},
      {"sqlite", libraries_json(process)},
    });
  return result;
}

const char* to_text(lock_kind x) {
  constexpr const char* names[] = {"posix", "flock", "other"};
  return names[static_cast<size_t>(x)];
}

ordered locks_json(const audit_facts& x) {
  auto result = ordered::array();
  for (auto& lock : x.locks) {
    auto to_end = lock.last == std::numeric_limits<uint64_t>::max();
    result.push_back({
      {"process", lock.process < 0 ? ordered(nullptr) : ordered(lock.process)},
      {"path", x.path + suffix_of(lock.part)},
      {"kind", to_text(lock.kind)},
      {"mode", lock.exclusive ? "exclusive" : "shared"},
      {"waiting", lock.waiting},
      {"first_byte", lock.first},
      {"last_byte", to_end ? ordered(nullptr) : ordered(lock.last)},
      {"meaning", meaning_of(lock)},
    });
  }
  return result;
}

ordered integrity_json(const integrity_facts& x) {
  constexpr const char* names[]
    = {"unchecked", "sound", "damaged", "unfinished"};
  return {
    {"outcome", names[static_cast<size_t>(x.outcome)]},
    {"check", null_if_empty(x.check)},
    {"problems", x.problems},
    {"reason", null_if_empty(x.reason)},
  };
}

ordered findings_json(const std::vector<finding>& xs) {
  auto result = ordered::array();
  for (auto& x : xs)
    result.push_back({
      {"level", x.level == finding_level::risk ? "risk" : "note"},
      {"code", x.code},
      {"what", x.what},
      {"advice", x.advice},
    });
  return result;
}

} // namespace

std::string report_json(const audit_facts& facts,
                        const std::vector<finding>& findings) {
  auto owner = owner_of(facts);
  ordered result{
    {"at_risk", has_risk(findings)},
    {"path", facts.path},
    {"files", files_json(facts)},
    {"names", facts.names},
    {"network_file_system", facts.network},
    {"journal", journal_json(facts)},
    {"owner", owner ? ordered(*owner) : ordered(nullptr)},
    {"named_owner", null_if_empty(facts.named_owner)},
    {"processes", processes_json(facts)},
    {"unreadable_processes", facts.processes.unreadable},
    {"hidden_processes", facts.processes.hidden},
    {"locks", locks_json(facts)},
    {"integrity", integrity_json(facts.integrity)},
    {"findings", findings_json(findings)},
  };
  // Names of files are not always UTF-8.
  return result.dump(2, ' ', false, ordered::error_handler_t::replace);
}

} // namespace onewriter::node
