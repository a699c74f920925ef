package cluster

import (
	"context"
	"fmt"
	"os"
	"slices"
)

// Run starts one more program that belongs to the cluster from then on: Check watches it, Signal reaches it and Stop
// ends it. One of the same name is ended first. Its log is named after it.
func (c *Cluster) Run(name, program string, args ...string) error {
	if err := c.end(name); err != nil {
		return err
	}
	return c.launch(name, program, args)
}

// Restart ends a process, named by a constant such as APIServer, and starts it anew as it was. It returns once the
// cluster is healthy again.
func (c *Cluster) Restart(ctx context.Context, name string) error {
	for _, p := range c.state.Processes {
		if p.Name != name {
			continue
		}
		if err := c.Run(name, p.Program, p.Args...); err != nil {
			return err
		}
		return c.Wait(ctx, name, c.Check)
	}
	return fmt.Errorf("the cluster in %s has no process %s", c.layout, name)
}

// End ends a program that Run started. Check does not miss it.
func (c *Cluster) End(name string) error {
	if err := c.end(name); err != nil {
		return err
	}
	c.state.Processes = slices.DeleteFunc(c.state.Processes, func(p *process) bool { return p.Name == name })
	return c.state.write(c.layout.state())
}

func (c *Cluster) end(name string) error {
	for _, p := range c.state.Processes {
		if p.Name == name {
			if err := p.end(exitGrace); err != nil {
				return fmt.Errorf("ending the %s that runs: %w", name, err)
			}
		}
	}
	return nil
}

// launch records each process as soon as it runs, so that a later program can end it whatever happens to this one.
// A further attempt takes the place of one that has ended.
func (c *Cluster) launch(name, program string, args []string) error {
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("starting %s: %w; build it first", name, err)
	}
	p, err := launch(program, args, name, c.layout.log(name), c.detached)
	if err != nil {
		return err
	}
	ended := func(p *process) bool { return p.Name == name }
	c.state.Processes = append(slices.DeleteFunc(c.state.Processes, ended), p)
	return c.state.write(c.layout.state())
}
