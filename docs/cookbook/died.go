// Runs a program with at most 1 s of processor time, 512 MiB of address space and 60 s by the clock, and prints why it
// ended.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	job := rresource.NewCommand(os.Args[1], os.Args[2:]...)
	job.Limits = rresource.Limits{rresource.CPU: {Cur: 1, Max: 2}, rresource.AS: {Cur: 512 << 20, Max: 512 << 20}}
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	outcome, err := job.Run(ctx)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		fmt.Println("no time left")
	case err != nil:
		log.Fatal(rresource.Explain(err))
	case outcome.Limit != rresource.NoResource:
		about, _ := outcome.Limit.Describe()
		fmt.Printf("limit %v: %s\n", outcome.Limit, about.Summary)
	case outcome.OOM == rresource.OOMYes:
		fmt.Println("out of memory")
	case outcome.Signal != 0:
		fmt.Printf("signal %d\n", int(outcome.Signal))
	default:
		fmt.Printf("exit status %d\n", outcome.ExitCode)
	}
}
