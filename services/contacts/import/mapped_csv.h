#ifndef COUNCIL_SERVICES_CONTACTS_IMPORT_MAPPED_CSV_H_
#define COUNCIL_SERVICES_CONTACTS_IMPORT_MAPPED_CSV_H_

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "libs/csv/mapped_table.h"
#include "services/contacts/import/contact_file.h"

namespace council::contacts {

// Whether contacts can be made of such columns, each of which goes to a field (ImportContactsOptions.columns). Fails
// with INVALID_ARGUMENT, naming each column that is wrong and what would be right: a header named twice, no field of
// that name, a field named twice that has one value, a facet that is not kept (facets in `consented_facets` are allowed
// though they need consent), no column for the name.
absl::Status ValidateColumns(const csv::ColumnTargets& columns,
                             const absl::flat_hash_set<std::string>& consented_facets);

// Gives each row of a table in UTF-8 to `take`, as ReadContacts does, with the columns that ValidateColumns let pass,
// as csv::ForEachMappedRow finds them. E-mail addresses, phone numbers and tags in one field are parted by ";". Where
// there is no display_name it is given_name and family_name; a birthday that is no date is kept as a property of the
// card. Fails with INVALID_ARGUMENT where the file lacks a column.
absl::Status ReadMappedCsv(absl::string_view bytes, const csv::ColumnTargets& columns,
                           absl::FunctionRef<bool(FileRecord)> take);

}  // namespace council::contacts

#endif  // COUNCIL_SERVICES_CONTACTS_IMPORT_MAPPED_CSV_H_
