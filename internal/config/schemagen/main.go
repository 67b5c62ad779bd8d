// Schemagen writes the JSON Schema of the configuration, which editors use to
// check and complete it.
package main

import (
	"flag"
	"fmt"
	"os"

	"tfdrift/internal/config"
)

func main() {
	out := flag.String("o", "schema/tfdrift.schema.json", "file to write")
	flag.Parse()
	text, err := config.Schema()
	if err == nil {
		err = os.WriteFile(*out, text, 0o644)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "schemagen: the schema is not written: %v\n", err)
		os.Exit(1)
	}
}
