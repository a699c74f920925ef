// Package version says which build this is.
package version

import (
	"fmt"
	"runtime"
)

// number is set by the linker.
var number = "devel"

// Number returns the version alone, for programs.
func Number() string { return number }

// String returns the version, the Go release and the platform, for people.
func String() string {
	return fmt.Sprintf("%s (%s, %s/%s)", number, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
