// Runs a program and what it starts for at most 1 s. All of them are in one process group, which ends as a whole.
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
	job.Group = true
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := job.Run(ctx)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		fmt.Println("killed")
	case err != nil:
		log.Fatal(rresource.Explain(err))
	default:
		fmt.Println("ended")
	}
}
