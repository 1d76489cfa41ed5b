#pragma once

#include "app/commands/command.hpp"
#include "onewriter/client.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace onewriter::node {

/// What happens where the file does not exist.
enum class if_missing : uint8_t { refuse, create };

/// Opens the database in `path` for a command, with the options of its
/// configuration: this process becomes its owner, or joins the process that is,
/// or the service at that address, until the client is destroyed, on the thread
/// that has called this and before the actor system ends. A request of the user
/// to stop answers all requests that wait.
///
/// Errors: those of `open`, among them `ec::busy` ("... is owned by process
/// 123") where that process does not share it; `ec::cannot_open` where there is
/// no such file.
[[nodiscard]] caf::expected<std::shared_ptr<client>>
open_file(command_context& ctx, const std::string& path,
          if_missing missing = if_missing::refuse);

} // namespace onewriter::node
