// Tests that a program survives when it has no descriptor left: it runs under each limit from 3 to 16, and must neither be
// killed by a signal nor run for ever.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	for files := uint64(3); files <= 16; files++ {
		job := rresource.NewCommand(os.Args[1], os.Args[2:]...)
		job.Limits = rresource.Limits{rresource.NOFILE: {Cur: files, Max: files}}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		outcome, err := job.Run(ctx)
		cancel()
		if err != nil {
			log.Fatal(rresource.Explain(err))
		}
		if outcome.Signal != 0 {
			fmt.Printf("signal %d with %d descriptors\n", int(outcome.Signal), files)
			os.Exit(1)
		}
	}
	fmt.Println("survives")
}
