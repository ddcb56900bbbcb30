#ifndef COUNCIL_LIBS_RPC_SERVER_TLS_H_
#define COUNCIL_LIBS_RPC_SERVER_TLS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "libs/rpc/tls_files.h"

namespace council::rpc {

// TLS 1.2 or newer with the certificate in `files`. Each handshake is done with what the files hold at that time;
// connections that are open stay. Where there are roots, callers are asked for a certificate: one that does not lead to
// a root ends the handshake, and who has none is let in all the same (see ServicePeers).
//
// The result must outlive the server, which Server sees to.
std::shared_ptr<grpc::ServerCredentials> TlsServerCredentials(std::shared_ptr<TlsFiles> files);

}  // namespace council::rpc

#endif  // COUNCIL_LIBS_RPC_SERVER_TLS_H_
