package main

import "fmt"

type catalogCommand struct{}
func (catalogCommand) Run(p *process) error { return fmt.Errorf("todo") }
type demoCommand struct{}
func (demoCommand) Run(p *process) error { return fmt.Errorf("todo") }
