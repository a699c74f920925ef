// Package shipped tests what config/ and charts/ install, as far as that needs no webhook that runs.
package shipped
