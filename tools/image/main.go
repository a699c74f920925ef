// Command image writes a container image as an OCI archive, without a daemon, and beside it what it is made
// of. It is a module of its own, so that neither the product nor its other tools depend on what it takes.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	binaries := flag.String("binaries", "", "folder with one folder for each architecture, in which the program is")
	archive := flag.String("archive", "", "file to write the image to; the bills of materials are put beside it")
	var release release
	flag.StringVar(&release.version, "version", "devel", "version of what is in the image")
	flag.StringVar(&release.created, "created", "", "time of the commit, as 2006-01-02T15:04:05Z: the same sources make the same files")
	flag.Parse()
	if err := write(*binaries, *archive, release); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}
