package mutate_test

import (
	"encoding/json"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	gocmp "github.com/google/go-cmp/cmp"
)

func TestThePatchIsTheSameInEitherEncodingAndHasNoZeros(t *testing.T) {
	patch := mutateUnharmed(t, newRequest(t, []byte(bare), &world{})).Patch
	patch.Remove("/a")
	first, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	second, err := jsonv2.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		`[{"op":"add","path":"/spec/template/spec/containers/0/readinessProbe",` +
			`"value":{"tcpSocket":{"port":8080},"periodSeconds":5,"timeoutSeconds":2,"failureThreshold":3}}`,
		`{"op":"add","path":"/spec/template/spec/containers/0/lifecycle","value":{"preStop":{"sleep":{"seconds":5}}}}`,
		`{"op":"add","path":"/spec/template/spec/terminationGracePeriodSeconds","value":35}`,
		`{"op":"add","path":"/metadata/annotations","value":{"greenlight.dev/injected":` +
			`"{\"terminationGracePeriodSeconds\":35,\"containers\":{\"web\":{\"readinessProbe\":{\"tcpSocket\":{\"port\":8080}},` +
			`\"preStop\":{\"sleep\":{\"seconds\":5}}}}}"}}`,
		`{"op":"remove","path":"/a"}]`,
	}, ",")
	for _, got := range [][]byte{first, second} {
		if diff := gocmp.Diff(want, string(got)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
