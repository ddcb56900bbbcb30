#ifndef COUNCIL_CLIENTS_CLI_MAIL_HEADERS_H_
#define COUNCIL_CLIENTS_CLI_MAIL_HEADERS_H_

#include <cstdint>
#include <functional>
#include <string>

namespace council::cli {

// Whether a folder is a Maildir: has the folders cur and new.
bool IsMaildir(const std::string& path);

// What the ledger may learn of a mailbox, an mbox file or a Maildir, as pieces of an mbox, empty at its end: of each
// message who wrote to whom and when, of one from a list or a program that it is one. Subjects, names and texts are
// read past, and stay here. `advance` is told how many bytes of an mbox were read.
std::function<std::string()> MailHeaders(const std::string& path, std::function<void(std::int64_t)> advance);

}  // namespace council::cli

#endif  // COUNCIL_CLIENTS_CLI_MAIL_HEADERS_H_
