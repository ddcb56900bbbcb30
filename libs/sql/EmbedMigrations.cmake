# council_embed_migrations(NAME NAMESPACE a::b SCHEMA x HEADER services/x/migrations.h [DIR migrations])
# A library NAME that has the .sql files of DIR/sqlite and DIR/postgres compiled in, in the order of their numbers. The
# generated header declares, in NAMESPACE, `council::sql::Schema StorageSchema();`, whose name is SCHEMA.
function(council_embed_migrations name)
  cmake_parse_arguments(ARG "" "NAMESPACE;SCHEMA;HEADER;DIR" "" ${ARGN})
  if(NOT ARG_DIR)
    set(ARG_DIR migrations)
  endif()
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_migrations_script.cmake")
  foreach(engine IN ITEMS sqlite postgres)
    file(GLOB ${engine}_files CONFIGURE_DEPENDS
         "${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIR}/${engine}/[0-9][0-9][0-9][0-9]_*.sql")
    list(SORT ${engine}_files)
  endforeach()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/gen-${name}")
  string(REGEX REPLACE "\\.h$" ".cc" source "${ARG_HEADER}")
  add_custom_command(
    OUTPUT "${out}/${ARG_HEADER}" "${out}/${source}"
    COMMAND "${CMAKE_COMMAND}" "-DHEADER=${ARG_HEADER}" "-DOUT=${out}" "-DNAMESPACE=${ARG_NAMESPACE}"
            "-DSCHEMA=${ARG_SCHEMA}" "-DSQLITE_FILES=${sqlite_files}" "-DPOSTGRES_FILES=${postgres_files}" -P "${script}"
    DEPENDS ${sqlite_files} ${postgres_files} "${script}"
    VERBATIM)
  add_library(${name} STATIC "${out}/${source}" "${out}/${ARG_HEADER}")
  target_include_directories(${name} PUBLIC "${out}")
  target_link_libraries(${name} PUBLIC council_sql)
endfunction()
