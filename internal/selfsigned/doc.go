// Package selfsigned gives the webhook a certificate where nothing else in the cluster issues one.
//
// A Secret in Greenlight's own namespace holds a CA and a pair that it signed. Each replica reads the Secret every few
// seconds, issues what is missing or ends soon, has the webhook configurations trust the CA, and serves the pair from
// memory. Of replicas that issue at the same moment the API server lets one write, by the Secret's resource version:
// the others read again, and serve what that one issued.
//
// A new leaf of the same CA is served at once. A new CA is first trusted beside the one before it, and its leaf is
// served when every API server may be expected to know; the one before is trusted until a replica has seen it for an
// hour, when every other has long moved. So neither a renewal nor a Secret that somebody emptied costs a handshake.
package selfsigned
