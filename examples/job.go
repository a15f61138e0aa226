// Raises the limit on open files, runs a program under limits, and shows what it used.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	files, err := rresource.Raise(rresource.NOFILE, 4096)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	job := rresource.NewCommand("sort", "--output=/dev/null", "/etc/passwd")
	job.Limits = rresource.Limits{rresource.CPU: {Cur: 1, Max: 2}, rresource.NOFILE: {Cur: 64, Max: 64}}
	outcome, err := job.Run(context.Background())
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Printf("%d files here; %v: %v of processor time, %d KiB\n",
		files.Cur, outcome, outcome.Usage.CPU, outcome.Usage.PeakRSS/1024)
}
