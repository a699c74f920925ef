package cluster

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"greenlight.dev/greenlight/state"
)

func TestWhatIsPackedIsUnpackedAsItWas(t *testing.T) {
	packing := packing(state.Service, stripService)
	largest, smallest := 0, sampleSize
	for n := range 1000 {
		wanted := service(fmt.Sprint("hello-", n), labels.Set{"app": fmt.Sprint("hello-", n), "greenlight.dev/kept": "yes"})
		in, err := packing(wanted.DeepCopyObject())
		if err != nil {
			t.Fatal(err)
		}
		kept := in.(*packed)
		got, err := kept.object()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Fatalf("Service %d was packed (-) and unpacked (+):\n%s", n, diff)
		}
		largest, smallest = max(largest, len(kept.kept)), min(smallest, len(kept.kept))
	}
	if smallest > largest/2 {
		t.Errorf("the smallest takes %d bytes, the largest %d: nothing was shrunk", smallest, largest)
	}
}

func TestWhatCannotBeRestoredIsAnError(t *testing.T) {
	packing := packing(state.Service, stripService)
	var last *packed
	for last == nil || last.restorer == nil {
		in, err := packing(&corev1.Service{Spec: corev1.ServiceSpec{Selector: labels.Set{"app": "hello"}}})
		if err != nil {
			t.Fatal(err)
		}
		last = in.(*packed)
	}
	last.kept = last.kept[:len(last.kept)-1]
	if object, err := last.object(); err == nil {
		t.Errorf("half of a Service is unpacked as %v", object)
	}
}
