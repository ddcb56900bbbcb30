# Compiler settings, and the functions with which every target of the project is declared.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

# -O3 took a sixth longer to compile than -O2.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

set(COUNCIL_SANITIZE "" CACHE STRING "Sanitizers to build with, as -fsanitize= takes them")

add_library(council_options INTERFACE)
target_compile_options(council_options INTERFACE -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 is unsure about the values of absl::StatusOr in inlined code; clang-tidy finds those that dangle.
  target_compile_options(council_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_include_directories(council_options INTERFACE "${PROJECT_SOURCE_DIR}")
if(COUNCIL_SANITIZE)
  # A finding ends the process: one that is only printed fails no test. -O1 compiles as fast as -O0.
  add_compile_options(-fsanitize=${COUNCIL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=${COUNCIL_SANITIZE})
endif()

# Where the findings lie that are not ours. What a system's library does within itself ThreadSanitizer sees by its calls of
# memcpy and the like alone, and not what orders them.
set(council_sanitizer_options
  "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/sanitizers/tsan.supp:second_deadlock_stack=1:ignore_noninstrumented_modules=1"
  "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/sanitizers/lsan.supp:print_suppressions=0")
if(COUNCIL_SANITIZE STREQUAL "thread")
  # Protobuf's map fields have two numbers more where this is defined, and the library that they are handed to has not.
  add_compile_options(-U__SANITIZE_THREAD__)
  add_compile_definitions(COUNCIL_THREAD_SANITIZER)
  add_library(council_tsan OBJECT "${PROJECT_SOURCE_DIR}/cmake/sanitizers/tsan_libraries.cc")
  target_link_libraries(council_tsan PRIVATE absl::synchronization gRPC::grpc++)
endif()

# What every program and test has beside its own parts.
function(council_executable name)
  if(TARGET council_tsan)
    target_link_libraries(${name} PRIVATE council_tsan absl::synchronization)
  endif()
endfunction()

# council_library(NAME SOURCES a.cc… [DEPS target…])
# A static library; headers are included from the root of the repository.
function(council_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPS} PRIVATE council_options)
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
endfunction()

# council_program(NAME SOURCES main.cc… [DEPS target…])
# An executable in bin/.
function(council_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} council_options)
  council_executable(${name})
  if(NOT COUNCIL_SANITIZE)
    # What gRPC's threads allocate other threads free, over which glibc's arenas contend.
    target_link_libraries(${name} PRIVATE -Wl,--no-as-needed PkgConfig::JEMALLOC -Wl,--as-needed)
  endif()
endfunction()

# council_test(NAME SOURCES a_test.cc… [DEPS target…] [PROGRAMS target…])
# A GoogleTest program, run by ctest as one test. It is given the source directory in COUNCIL_SOURCE_DIR and the
# programs' directory in COUNCIL_BIN_DIR; PROGRAMS are built before it.
function(council_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;PROGRAMS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS} council_options GTest::gmock_main)
  council_executable(${name})
  if(ARG_PROGRAMS)
    add_dependencies(${name} ${ARG_PROGRAMS})
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  # What a test shows does not depend on its own speed, and compiling it takes long enough.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  add_test(NAME ${name} COMMAND ${name})
  # Ends what hangs, and nothing that is merely slow: on a loaded machine a minute's test has taken five.
  set(timeout 1200)
  if(COUNCIL_SANITIZE)
    set(timeout 7200)
  endif()
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${timeout}
    ENVIRONMENT
      "COUNCIL_SOURCE_DIR=${PROJECT_SOURCE_DIR};COUNCIL_BIN_DIR=${PROJECT_BINARY_DIR}/bin;${council_sanitizer_options}")
endfunction()

# council_proto_library(NAME PROTOS x.proto… [GRPC] [IMPORT_DIR dir] [DEPS target…])
# The C++ code of .proto files, whose import paths start at IMPORT_DIR (the current directory where it is not given).
function(council_proto_library name)
  cmake_parse_arguments(ARG "GRPC" "IMPORT_DIR" "PROTOS;DEPS" ${ARGN})
  if(NOT ARG_IMPORT_DIR)
    set(ARG_IMPORT_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/gen")
  file(MAKE_DIRECTORY "${out}")
  set(generated)
  foreach(proto IN LISTS ARG_PROTOS)
    file(RELATIVE_PATH rel "${ARG_IMPORT_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/${proto}")
    string(REGEX REPLACE "\\.proto$" "" stem "${rel}")
    set(outputs "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h")
    set(plugin_args)
    if(ARG_GRPC)
      list(APPEND outputs "${out}/${stem}.grpc.pb.cc" "${out}/${stem}.grpc.pb.h")
      set(plugin_args "--grpc_out=${out}" "--plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN}")
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND protobuf::protoc "--cpp_out=${out}" ${plugin_args} "-I${PROJECT_SOURCE_DIR}/proto"
              "-I${PROJECT_SOURCE_DIR}/third_party/googleapis" "-I${ARG_IMPORT_DIR}"
              "${CMAKE_CURRENT_SOURCE_DIR}/${proto}"
      DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${proto}"
      VERBATIM)
    list(APPEND generated ${outputs})
  endforeach()
  add_library(${name} STATIC ${generated})
  target_include_directories(${name} SYSTEM PUBLIC "${out}")
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf ${ARG_DEPS})
  if(ARG_GRPC)
    target_link_libraries(${name} PUBLIC gRPC::grpc++)
  endif()
endfunction()
