package check_test

import (
	"strings"
	"testing"

	"greenlight.dev/greenlight/internal/check"
)

const green = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web, color: green}, ports: [{port: 80}]}\n"

func since(paths ...string) func(*check.Options) {
	return func(o *check.Options) { o.Paths, o.Old = []string{"new"}, paths }
}

func TestASwitchBetweenTwoTreesIsNotEvaluatedBecauseReadinessIsNotKnown(t *testing.T) {
	result := run(t, map[string]string{"old/web.yaml": service, "new/web.yaml": green}, since("old"))
	var reasons []string
	for _, skip := range result.Skipped {
		if skip.Rule == "service-switch-not-ready" {
			reasons = append(reasons, skip.Object.String()+": "+skip.Reason)
		}
	}
	compare(t, []string{"Service/shop/web: whether pods are ready can only be known in the cluster"}, reasons)
}

func TestWhatIsInBothTreesIsAnUpdate(t *testing.T) {
	reset := strings.Replace(web, "type: Recreate", "type: RollingUpdate", 1)
	scaled := `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 9}
`
	scaledBy1 := strings.Replace(scaled, "autoscaling/v2", "autoscaling/v1", 1)
	before := strings.Replace(reset, "replicas: 3", "replicas: 5", 1)
	tests := map[string]struct {
		old, autoscaler string
		want            int
	}{
		"a change of the replicas":            {before, scaled, 1},
		"an autoscaler of the version before": {before, scaledBy1, 1},
		"no change":                           {reset, scaled, 0},
		"a Deployment that was none":          {service, scaled, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result := run(t, map[string]string{"old/web.yaml": test.old, "new/web.yaml": reset + "---\n" + test.autoscaler}, since("old"))
			found := 0
			for _, finding := range result.Findings {
				if finding.Rule == "replicas-reset-under-autoscaler" {
					found++
				}
			}
			compare(t, test.want, found)
		})
	}
}

func TestTheOldTreeIsNotJudgedButWhatIsWrongInItIsTold(t *testing.T) {
	result := run(t, map[string]string{"old/web.yaml": web, "old/broken.yaml": "{", "new/service.yaml": service}, since("old"))
	compare(t, []string(nil), denied(result))
	compare(t, 1, result.Summary.Files)
	compare(t, []string{"old/broken.yaml:1:1: did not find expected node content"}, told(result.Errors))
}
