// Schemagen writes what is made of the configuration's tags: the JSON Schema
// that editors use, and the reference of its keys.
package main

import (
	"flag"
	"fmt"
	"os"

	"tfdrift/internal/config"
)

func main() {
	schema := flag.String("schema", "schema/tfdrift.schema.json", "file to write the JSON Schema to")
	reference := flag.String("reference", "docs/configuration.md", "file to write the reference to")
	flag.Parse()
	text, err := config.Schema()
	if err == nil {
		err = os.WriteFile(*schema, text, 0o644)
	}
	if err == nil {
		err = os.WriteFile(*reference, config.Reference(), 0o644)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "schemagen: %v\n", err)
		os.Exit(1)
	}
}
