package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestGreenlightBreaksNoRuleOfItsOwn(t *testing.T) {
	folder, err := filepath.Abs(filepath.Join("..", "..", "config", "default"))
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := greenlight(t, nil, "check", "--complete", folder)
	if code != 0 || !strings.Contains(stdout, ": 0 deny, 0 warn, 0 audit, ") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}
