# Finds the actor framework and defines the target CAF::core, and CAF::io and
# CAF::openssl where the middleman and its TLS are there.
#
# CAF 1.x brings a CMake package. CAF 0.17, as Debian and Ubuntu ship it, brings
# none, so its header and its library are searched for. Other versions are
# refused. The order: a package where the user points (CMAKE_PREFIX_PATH,
# CAF_DIR, PATH), CAF 0.17, a package anywhere that CMake looks, which includes
# directories below /opt that happen to have the right name.
#
# Sets OnewriterCAF_FOUND and OnewriterCAF_VERSION.

if(NOT TARGET CAF::core)
  find_package(CAF CONFIG QUIET NO_CMAKE_SYSTEM_PATH)
endif()
if(NOT TARGET CAF::core)
  find_path(OnewriterCAF_INCLUDE_DIR caf/config.hpp)
  find_library(OnewriterCAF_LIBRARY caf_core)
  mark_as_advanced(OnewriterCAF_INCLUDE_DIR OnewriterCAF_LIBRARY)
  if(NOT OnewriterCAF_INCLUDE_DIR OR NOT OnewriterCAF_LIBRARY)
    find_package(CAF CONFIG QUIET)
  endif()
endif()

unset(OnewriterCAF_reason)
if(TARGET CAF::core)
  set(OnewriterCAF_location CAF::core)
  if(CAF_VERSION)
    set(OnewriterCAF_VERSION "${CAF_VERSION}")
  endif()
elseif(OnewriterCAF_INCLUDE_DIR AND OnewriterCAF_LIBRARY)
  set(OnewriterCAF_location "${OnewriterCAF_LIBRARY}")
  # 0.17.6 is written as 1706.
  set(OnewriterCAF_line "#define[ \t]+CAF_VERSION[ \t]+([0-9]+)")
  file(STRINGS "${OnewriterCAF_INCLUDE_DIR}/caf/config.hpp"
    OnewriterCAF_match REGEX "${OnewriterCAF_line}")
  if(OnewriterCAF_match MATCHES "${OnewriterCAF_line}")
    math(EXPR OnewriterCAF_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR OnewriterCAF_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR OnewriterCAF_patch "${CMAKE_MATCH_1} % 100")
    string(JOIN "." OnewriterCAF_VERSION "${OnewriterCAF_major}"
      "${OnewriterCAF_minor}" "${OnewriterCAF_patch}")
  else()
    set(OnewriterCAF_VERSION "unknown")
  endif()
else()
  unset(OnewriterCAF_location)
  set(OnewriterCAF_reason
    "Install CAF 0.17 (Debian, Ubuntu: libcaf-dev) or CAF 1.x, or say where \
CAF is: -DCMAKE_PREFIX_PATH=<prefix>.")
endif()

# A parent project that builds CAF itself need not tell the version.
if(OnewriterCAF_location AND OnewriterCAF_VERSION
    AND NOT OnewriterCAF_VERSION MATCHES "^(0\\.17|1)\\.")
  set(OnewriterCAF_reason
    "CAF ${OnewriterCAF_VERSION} was found, but onewriter is written for 0.17 \
and 1.x.")
  unset(OnewriterCAF_location)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnewriterCAF
  REQUIRED_VARS OnewriterCAF_location
  VERSION_VAR OnewriterCAF_VERSION
  REASON_FAILURE_MESSAGE "${OnewriterCAF_reason}")

if(OnewriterCAF_FOUND AND NOT TARGET CAF::core)
  find_package(Threads REQUIRED)
  add_library(CAF::core UNKNOWN IMPORTED)
  set_target_properties(CAF::core PROPERTIES
    IMPORTED_LOCATION "${OnewriterCAF_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${OnewriterCAF_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES Threads::Threads)
  find_library(OnewriterCAF_IO_LIBRARY caf_io)
  mark_as_advanced(OnewriterCAF_IO_LIBRARY)
  if(OnewriterCAF_IO_LIBRARY AND NOT TARGET CAF::io)
    add_library(CAF::io UNKNOWN IMPORTED)
    set_target_properties(CAF::io PROPERTIES
      IMPORTED_LOCATION "${OnewriterCAF_IO_LIBRARY}"
      INTERFACE_LINK_LIBRARIES CAF::core)
  endif()
  find_library(OnewriterCAF_OPENSSL_LIBRARY caf_openssl)
  mark_as_advanced(OnewriterCAF_OPENSSL_LIBRARY)
  if(OnewriterCAF_OPENSSL_LIBRARY AND TARGET CAF::io
      AND NOT TARGET CAF::openssl)
    add_library(CAF::openssl UNKNOWN IMPORTED)
    set_target_properties(CAF::openssl PROPERTIES
      IMPORTED_LOCATION "${OnewriterCAF_OPENSSL_LIBRARY}"
      INTERFACE_LINK_LIBRARIES CAF::io)
  endif()
endif()
