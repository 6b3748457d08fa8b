// Command trueup makes a live database match the schema in SQL files.
package main

import (
	"os"

	"github.com/trueup-sql/trueup/cmd/internal/cli"
)

func main() {
	hugeHeap()
	os.Exit(cli.Main(os.Args[0], os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
