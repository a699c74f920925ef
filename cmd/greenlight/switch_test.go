package main

import (
	"strings"
	"testing"
)

func TestASwitchThatCannotBeginSaysWhy(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"no Service":    {[]string{"switch", "--to", "a=b"}, "accepts 1 arg(s), received 0"},
		"only a name":   {[]string{"switch", "web", "--to", "a=b"}, `"web" is no Service: write service/NAME`},
		"another kind":  {[]string{"switch", "deployment/web", "--to", "a=b"}, `"deployment/web" is no Service: write service/NAME`},
		"no target":     {[]string{"switch", "service/web"}, `required flag(s) "to" not set`},
		"no kubeconfig": {[]string{"switch", "svc/web", "--to", "a=b", "--kubeconfig", "missing"}, "stat missing: no such file or directory"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			command := newCommand()
			command.SetArgs(test.args)
			err := command.ExecuteContext(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) || exitCode(err) != 2 {
				t.Errorf("%v, exit code %d: want %q and 2", err, exitCode(err), test.want)
			}
		})
	}
}
