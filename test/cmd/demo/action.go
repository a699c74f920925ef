package main

import (
	"fmt"
	"strings"
)

// prepare runs a command that belongs to the scenery, without showing it.
func prepare(command string) action {
	return func(s *shell) error {
		if output, err := s.quietly(command); err != nil {
			return fmt.Errorf("%s: %w\n%s", command, err, output)
		}
		return nil
	}
}

// shows runs a command that succeeds with an output that contains each of the texts.
func shows(command string, texts ...string) action {
	return func(s *shell) error {
		output, err := s.aloud(command)
		if err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
		return contains(command, output, texts)
	}
}

// fails runs a command that fails with an output that contains each of the texts.
func fails(command string, texts ...string) action {
	return func(s *shell) error {
		output, err := s.aloud(command)
		if err == nil {
			return fmt.Errorf("%s: succeeded, and must not", command)
		}
		return contains(command, output, texts)
	}
}

// unchanged runs an action that leaves the output of a command as it was.
func unchanged(command string, run action) action {
	return func(s *shell) error {
		before, err := s.quietly(command)
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", command, err, before)
		}
		if err := run(s); err != nil {
			return err
		}
		after, err := s.quietly(command)
		if err != nil || after != before {
			return fmt.Errorf("%s: gave %q before and %q after (%v)", command, before, after, err)
		}
		return nil
	}
}

func contains(command, output string, texts []string) error {
	for _, text := range texts {
		if !strings.Contains(output, text) {
			return fmt.Errorf("%s: the output does not contain %q", command, text)
		}
	}
	return nil
}
