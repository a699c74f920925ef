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

func contains(command, output string, texts []string) error {
	for _, text := range texts {
		if !strings.Contains(output, text) {
			return fmt.Errorf("%s: the output does not contain %q", command, text)
		}
	}
	return nil
}
