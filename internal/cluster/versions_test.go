package cluster

import (
	"context"
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestSleepUnsupported(t *testing.T) {
	cases := map[string]struct {
		server   string
		kubelets map[string]string
		want     string
	}{
		"everything is new enough": {
			server: "v1.37.1", kubelets: map[string]string{"a": "v1.34.0", "b": "v1.30.0"},
		},
		"a vendor's suffix does not count": {
			server: "v1.30.0-gke.100", kubelets: map[string]string{"a": "v1.30.4-eks-1a2b3c"},
		},
		"the API server alone is judged where there is no node": {
			server: "v1.30.0",
		},
		"an old API server": {
			server: "v1.29.3", kubelets: map[string]string{"a": "v1.28.0"},
			want: `the API server runs v1.29.3: a native preStop sleep needs v1.30`,
		},
		"one old kubelet": {
			server: "v1.30.0", kubelets: map[string]string{"a": "v1.29.3", "b": "v1.30.0"},
			want: `node "a" runs kubelet v1.29.3: a native preStop sleep needs v1.30 on every node`,
		},
		"the oldest of several old kubelets, and of those the first by name": {
			server: "v1.30.0", kubelets: map[string]string{"a": "v1.29.3", "b": "v1.9.0", "c": "v1.9.0"},
			want: `node "b" runs kubelet v1.9.0: a native preStop sleep needs v1.30 on every node`,
		},
		"a kubelet of an unreadable version": {
			server: "v1.30.0", kubelets: map[string]string{"a": "v1.29.3", "b": "next"},
			want: `node "b" runs kubelet next: a native preStop sleep needs v1.30 on every node`,
		},
		"a node whose kubelet has not reported yet": {
			server: "v1.30.0", kubelets: map[string]string{"a": ""},
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			seen := versions{server: test.server}
			for name, kubelet := range test.kubelets {
				seen.see(node(name, kubelet))
			}
			if got := seen.sleepUnsupported(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func node(name, kubelet string) *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Status:     corev1.NodeStatus{NodeInfo: corev1.NodeSystemInfo{KubeletVersion: kubelet}},
	}
}

func TestVersionsKeepTheLastAnswer(t *testing.T) {
	var next versions
	var failure error
	v := &Versions{read: func(context.Context) (versions, error) { return next, failure }}
	if got := v.SleepUnsupported(); got == "" {
		t.Error("supported before anything is known")
	}
	next = versions{server: "v1.30.0"}
	if delay := v.refresh(t.Context()); delay != versionsPeriod || v.SleepUnsupported() != "" {
		t.Errorf("%q after a look, the next in %s", v.SleepUnsupported(), delay)
	}
	next, failure = versions{}, errors.New("unreachable")
	if delay := v.refresh(t.Context()); delay != versionsRetry || v.SleepUnsupported() != "" {
		t.Errorf("%q after a look that failed, the next in %s", v.SleepUnsupported(), delay)
	}
}
