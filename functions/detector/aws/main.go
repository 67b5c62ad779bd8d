// Command aws is the detector on Lambda: it judges each event of the cloud
// against what the states say.
package main

import (
	"time"

	"tfdrift/internal/onaws"
	"tfdrift/internal/onaws/detecting"
	"tfdrift/internal/trigger/lambdatrigger"
)

func main() {
	f, err := onaws.Open("detector")
	if err != nil {
		onaws.Exit(err)
	}
	d, err := detecting.New(f, detecting.NewSealing(f))
	if err != nil {
		onaws.Exit(err)
	}
	f.Run(lambdatrigger.Handler{Handle: detecting.Judge(f, d), Workers: f.Config.Performance.EventWorkerCount, Reserve: 10 * time.Second})
}
