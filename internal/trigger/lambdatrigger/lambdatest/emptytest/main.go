// Command emptytest is a function that does nothing: the measure of what the
// others add to the platform's own time.
package main

import "github.com/aws/aws-lambda-go/lambda"

func main() { lambda.Start(func() {}) }
