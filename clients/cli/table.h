#ifndef COUNCIL_CLIENTS_CLI_TABLE_H_
#define COUNCIL_CLIENTS_CLI_TABLE_H_

#include <string>
#include <vector>

#include "clients/cli/terminal.h"

namespace council::cli {

// A table of text that fits the terminal: columns are as wide as their widest cell, and where that is too much the
// flexible columns are cut, the widest first, with "…"; names only when that is not enough. Columns that may, stand
// below their row where there would be too little of them, or of the names, beside it.
//
//   Table table({{"name", Table::kName}, {"title", Table::kFlexible}, {"talks", Table::kRight}});
//   table.Add({"Rosa Lindqvist", "12"});
//   std::cout << table.Render(terminal);
class Table {
 public:
  enum Kind { kFixed, kFlexible, kName, kRight };
  enum Place { kBeside, kBelowIfNarrow };
  struct Column {
    std::string title;
    Kind kind = kFixed;
    Place place = kBeside;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Missing cells are empty, cells too many are left out; control characters become spaces.
  void Add(std::vector<std::string> cells);

  // Puts a text below the row that was added last, wrapped and set in a little.
  void AddDetail(const std::string& text);

  bool empty() const { return rows_.empty(); }

  // The head and all rows, with what stands below them, each line ending in a newline, none wider than the terminal as
  // long as the fixed columns and a few characters for each flexible one fit into it. Columns that are empty in all
  // rows are left out.
  std::string Render(const Terminal& terminal) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string detail;
  };

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_TABLE_H_
