# Writes OUT/HEADER and its .cc from SQLITE_FILES and POSTGRES_FILES (…/0001_name.sql). Run by council_embed_migrations.
string(REGEX REPLACE "\\.h$" ".cc" source "${HEADER}")
string(MAKE_C_IDENTIFIER "${HEADER}" guard)
string(TOUPPER "COUNCIL_${guard}_" guard)

file(WRITE "${OUT}/${HEADER}"
"// Generated from the .sql files beside it.
#ifndef ${guard}
#define ${guard}

#include \"libs/sql/migrations.h\"

namespace ${NAMESPACE} {
// Every step of the storage's schema, for either engine.
council::sql::Schema StorageSchema();
}  // namespace ${NAMESPACE}

#endif  // ${guard}
")

foreach(engine IN ITEMS SQLITE POSTGRES)
  set(${engine}_rows "")
  foreach(file IN LISTS ${engine}_FILES)
    get_filename_component(stem "${file}" NAME_WE)
    string(REGEX MATCH "^([0-9]+)_(.*)$" matched "${stem}")
    set(name "${CMAKE_MATCH_2}")
    # A literal 0001 would be octal.
    string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
    file(READ "${file}" sql)
    string(APPEND ${engine}_rows "    {${number}, \"${name}\", R\"__sql__(${sql})__sql__\"},\n")
  endforeach()
endforeach()

file(WRITE "${OUT}/${source}"
"#include \"${HEADER}\"

#include <vector>

namespace ${NAMESPACE} {

council::sql::Schema StorageSchema() {
  static const std::vector<council::sql::Migration> sqlite = {
${SQLITE_rows}};
  static const std::vector<council::sql::Migration> postgres = {
${POSTGRES_rows}};
  return {.name = \"${SCHEMA}\", .sqlite = sqlite, .postgres = postgres};
}

}  // namespace ${NAMESPACE}
")
