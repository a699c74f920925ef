// Package webhook answers the admission reviews of the API server: it decodes what rules and mutators
// read, asks the engine or the mutators, and words the answer. Whatever goes wrong on the way is an
// HTTP error, so that the API server applies the failurePolicy; it is never passed off as a verdict.
package webhook
