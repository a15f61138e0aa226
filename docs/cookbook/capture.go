// Captures the output of a program that may use 1 s of processor time.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	job := rresource.NewCommand(os.Args[1], os.Args[2:]...)
	job.Limits = rresource.Limits{rresource.CPU: {Cur: 1, Max: 1}}
	output, outcome, err := job.Output(context.Background())
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Printf("%d bytes: %s(exit status %d)\n", len(output), output, outcome.ExitCode)
}
