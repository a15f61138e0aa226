// Raises the soft limit on open files to 4096, or as close to it as this process may.
package main

import (
	"fmt"
	"log"

	"github.com/rresource/rresource/bindings/go/rresource"
)

func main() {
	limits, err := rresource.Raise(rresource.NOFILE, 4096)
	if err != nil {
		log.Fatal(rresource.Explain(err))
	}
	fmt.Printf("%d files\n", limits.Cur)
}
