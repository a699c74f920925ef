package cluster

import "testing"

func TestFailures(t *testing.T) {
	cases := map[string]struct{ body, want string }{
		"are picked from the list of checks": {
			"[+]ping ok\n[-]etcd failed: reason withheld\n[-]log failed\nreadyz check failed\n",
			"etcd failed: reason withheld; log failed",
		},
		"are the whole text if it is no such list": {"no leader\n", "no leader"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := failures(c.body); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
