# COUNCIL_VERSION: the project's version and the commit, so that the same commit always says the same. Where there is no
# git, as in an image that is being built, it is given: -DCOUNCIL_VERSION=….

set(COUNCIL_VERSION "" CACHE STRING "Version that programs tell; empty: the project's version and git's commit")
if(NOT COUNCIL_VERSION)
  execute_process(
    COMMAND git describe --always --dirty --abbrev=12 --exclude=*
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(COUNCIL_VERSION "${PROJECT_VERSION}")
  if(commit)
    string(APPEND COUNCIL_VERSION "+${commit}")
  endif()
endif()
