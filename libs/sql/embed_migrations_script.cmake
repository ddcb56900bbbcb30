# Writes OUT/HEADER and its .cc from FILES (…/0001_name.sql). Run by council_embed_migrations.
string(REGEX REPLACE "\\.h$" ".cc" source "${HEADER}")
string(MAKE_C_IDENTIFIER "${HEADER}" guard)
string(TOUPPER "COUNCIL_${guard}_" guard)

file(WRITE "${OUT}/${HEADER}"
"// Generated from the .sql files beside it.
#ifndef ${guard}
#define ${guard}

#include <span>

#include \"libs/sql/migrations.h\"

namespace ${NAMESPACE} {
std::span<const council::sql::Migration> Migrations();
}  // namespace ${NAMESPACE}

#endif  // ${guard}
")

set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(stem "${file}" NAME_WE)
  string(REGEX MATCH "^([0-9]+)_(.*)$" matched "${stem}")
  set(name "${CMAKE_MATCH_2}")
  # A literal 0001 would be octal.
  string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
  file(READ "${file}" sql)
  string(APPEND rows "    {${number}, \"${name}\", R\"__sql__(${sql})__sql__\"},\n")
endforeach()

file(WRITE "${OUT}/${source}"
"#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {
constexpr council::sql::Migration kMigrations[] = {
${rows}};
}  // namespace

std::span<const council::sql::Migration> Migrations() { return kMigrations; }

}  // namespace ${NAMESPACE}
")
