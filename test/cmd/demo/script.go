package main

// step is one thing that the demo shows.
type step struct {
	title, why string
	actions    []action
}

// action runs in the shell and fails where it shows anything else than it should.
type action func(*shell) error

const (
	samples     = "config/samples/hello/"
	dryRunHello = "kubectl apply --server-side --dry-run=server -o yaml -f " + samples + "hello.yaml"
	green       = "-n shop -l version=2.0.0"
	selector    = `kubectl get service -n shop hello -o jsonpath='{.spec.selector}{"\n"}'`
	toGreen     = `kubectl patch service hello -n shop -p '{"spec":{"selector":{"version":"2.0.0"}}}'`
	toBlue      = `kubectl patch service hello -n shop -p '{"spec":{"selector":{"version":"1.0.0"}}}'`
)

var script = []step{
	{
		"A Deployment without a readiness probe and a preStop hook gets both",
		"kube-system is not guarded, so the difference between the two dry runs is what Greenlight adds.",
		[]action{
			prepare("kubectl delete namespace shop --ignore-not-found && kubectl create namespace shop"),
			fails("diff -U2 <("+dryRunHello+" -n kube-system | sed -n '/containers:/,$p') <("+dryRunHello+" -n shop | sed -n '/containers:/,$p')",
				"+      terminationGracePeriodSeconds: 35", "+        lifecycle:", "+          preStop:", "+            sleep:", "+        readinessProbe:", "+          tcpSocket:"),
		},
	}, {
		"Blue goes live",
		"Version 1.0.0, behind the Service hello.",
		[]action{
			shows("kubectl apply --server-side -n shop -f "+samples+"service.yaml -f "+samples+"hello.yaml",
				"service/hello serverside-applied", "deployment.apps/hello serverside-applied"),
			shows("kubectl rollout status -n shop deployment/hello", "successfully rolled out"),
		},
	}, {
		"Strategies that take the Service down are denied",
		"Recreate terminates every pod first; maxUnavailable 100% lets a rolling update do the same.",
		[]action{
			fails("kubectl apply -n shop -f "+samples+"hello-recreate.yaml", "recreate-strategy", "leaves Service hello without endpoints"),
			fails("kubectl apply -n shop -f "+samples+"hello-no-floor.yaml", "rolling-update-no-floor", "maxUnavailable 100% of 3 pods is 3"),
		},
	}, {
		"Green is deployed, and one of its three pods is ready",
		"The switch would leave the Service with a third of its pods, so it is denied, pod by pod.",
		[]action{
			shows("kubectl apply -n shop -f "+samples+"hello-green.yaml", "deployment.apps/hello-green created"),
			prepare("kubectl wait -n shop --for=jsonpath={.status.replicas}=3 deployment/hello-green"),
			prepare("kubectl wait --for=jsonpath={.status.phase}=Running pod " + green),
			prepare(letReady("1")),
			shows("kubectl get pods "+green, "1/1", "0/1"),
			fails(toGreen,
				"selector version 1.0.0 → 2.0.0", "(1/3 available)", "kubectl rollout status -n shop deployment/hello-green"),
			shows(selector, `"version":"1.0.0"`),
		},
	}, {
		"All of green is ready: the switch is allowed",
		"The same command as before.",
		[]action{
			prepare(letReady("3")),
			shows("kubectl rollout status -n shop deployment/hello-green", "successfully rolled out"),
			shows(toGreen, "service/hello patched"),
			shows(selector, `"version":"2.0.0"`),
		},
	}, {
		"The rollback to blue is allowed at once",
		"Blue still runs; nothing stands in the way of going back.",
		[]action{
			shows(toBlue, "service/hello patched"),
			shows(selector, `"version":"1.0.0"`),
		},
	}, {
		"What serves is not taken away by mistake",
		"Green is idle and may go. Blue is live.",
		[]action{
			fails("kubectl scale -n shop deployment/hello --replicas=0", "serving-workload-drained", "3 pods serve Service hello"),
			shows("kubectl scale -n shop deployment/hello-green --replicas=0", "deployment.apps/hello-green scaled"),
		},
	}, {
		"A dry run of a bad manifest is denied, and leaves nothing behind",
		"Every fault is told at once.",
		[]action{
			fails("kubectl apply --dry-run=server -n shop -f "+samples+"hello-broken.yaml",
				"recreate-strategy", "probe-port-undefined", "mutable-image-tag"),
			fails("kubectl get deployment -n shop hello-broken", "NotFound"),
		},
	},
}

// letReady is the command by which the first pods of green pass their readiness probe.
func letReady(count string) string {
	pods := "$(kubectl get pods " + green + " -o name | head -n " + count + ")"
	return "kubectl annotate -n shop --overwrite " + pods + " greenlight.test/ready=true" +
		" && kubectl wait -n shop --for=condition=Ready " + pods
}
