// Sets limits, the directory and the session of a program. The limits of this process do not change.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	before, err := rresource.Getrlimit(rresource.NOFILE)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	job := rresource.NewCommand("sh", "-c", `echo "$(ulimit -n) files, core $(ulimit -c), in $(pwd)"`)
	job.Limits = rresource.Limits{rresource.NOFILE: {Cur: 32, Max: 32}, rresource.CORE: {}}
	job.Dir, job.Session = "/", true
	if _, err := job.Run(context.Background()); err != nil {
		log.Fatal(rresource.Explain(err))
	}
	after, err := rresource.Getrlimit(rresource.NOFILE)
	if err != nil || after != before {
		log.Fatal("changed here")
	}
	fmt.Println("unchanged here")
}
