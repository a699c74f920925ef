// Package intents lets changes that are judged at the same moment see each other, by whichever replica.
//
// A switch to green and a removal of green can each be safe alone and take a service down together. So each
// is announced, as a Lease in Greenlight's own namespace, before anything is read for its judgement; then the
// announcements of the others are listed. Whichever of two changes lists last sees the other one: it is judged
// as though the other were made.
//
// An announcement says which resource version of its object the change replaces. The API server stores a
// change only if the object still is at that version, and otherwise judges it again; the source is
// GuaranteedUpdate and conditionalDelete in k8s.io/apiserver/pkg/storage/etcd3. So an announced change counts
// for exactly as long as its object is at that version: once the object has another, the change either was
// made, and is seen as such, or was judged again and announced anew.
package intents
