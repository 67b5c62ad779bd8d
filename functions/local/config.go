package main

import (
	"fmt"

	"tfdrift/internal/config"
)

type configCommands struct {
	Check configCheckCommand `cmd:"" help:"Read a configuration as the functions do, and say all that is wrong with it."`
}

func (configCommands) Help() string {
	return `Example:
  tfdrift config check tfdrift.yaml`
}

type configCheckCommand struct {
	File string `arg:"" help:"The YAML file."`
}

func (configCheckCommand) Help() string {
	return `Exits with 0 where the file is right, with 1 and every problem's file, line and column where it is not.

Example:
  tfdrift config check tfdrift.yaml`
}

func (c configCheckCommand) Run(p *process) error {
	_, warnings, err := config.LoadFile(c.File)
	for _, w := range warnings {
		fmt.Fprintln(p.stderr, "warning:", w)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s is right.\n", c.File)
	return nil
}
