// Command corpus judges every manifest of a folder as it lies there, and prints a table of what is found:
// docs/corpus.md is made with it.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: corpus FOLDER")
		os.Exit(2)
	}
	files, err := judgeAll(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
	fmt.Print(table(files))
}
