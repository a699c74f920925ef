package e2e

const failing = `readiness probe of container "web" failing`

func retryAfter(kind, name string) string {
	return `Retry when "kubectl rollout status -n shop ` + kind + "/" + name + `" succeeds.`
}

var deploymentRows = []row{
	{name: "a Deployment that is fully ready is allowed", to: to("green")},
	{
		name: "a Deployment of which no pod is ready is denied", to: to("slow"),
		denied: "selector version blue → slow: ReplicaSet slow-1 is not fully ready (0/2 available): slow-1-a: " + failing + "; slow-1-b: " + failing + ". " + retryAfter("deployment", "slow"),
	},
	{
		name: "a Deployment whose image cannot be pulled is denied", to: to("waiting"),
		denied: `selector version blue → waiting: ReplicaSet waiting-1 is not fully ready (0/1 available): waiting-1-a: container "web" ImagePullBackOff (container web of image registry.example/hello:waiting cannot start). ` + retryAfter("deployment", "waiting"),
	},
	{
		name: "a Deployment in the middle of a rollout is denied", to: to("rolling"),
		denied: "selector version blue → rolling: ReplicaSet rolling-2 is not fully ready (0/1 available): rolling-2-a: " + failing + ". " + retryAfter("deployment", "rolling"),
	},
	{
		name: "a Deployment whose pods have not been ready for long enough is denied", to: to("revisions"),
		denied: "selector version blue → revisions: " +
			"ReplicaSet revisions-1 is not fully ready (0/1 available): revisions-1-a: ready, but not yet for minReadySeconds 3000 (a while to go); " +
			"ReplicaSet revisions-2 is not fully ready (0/1 available): revisions-2-a: ready, but not yet for minReadySeconds 3000 (a while to go). " + retryAfter("deployment", "revisions"),
	},
	{name: "a Deployment that is paused and complete is allowed", to: to("halted")},
	{
		name: "a Deployment that is paused with a newer template is denied", to: to("stuck"),
		denied: "selector version blue → stuck: ReplicaSet stuck-1 is an older revision: its Deployment is paused, with a newer template not rolled out. " +
			`Run "kubectl rollout resume -n shop deployment/stuck", then retry when "kubectl rollout status -n shop deployment/stuck" succeeds.`,
	},
	{
		name: "a Deployment that was paused before it had pods is denied", to: to("unstarted"),
		denied: "selector version blue → unstarted: Deployment unstarted has not started any of its 1 pods yet. " +
			`Run "kubectl rollout resume -n shop deployment/unstarted", then retry when "kubectl rollout status -n shop deployment/unstarted" succeeds.`,
	},
	{
		name: "a Deployment that is scaled to 0 is denied", to: to("zero"),
		denied: `selector version blue → zero: deployment/zero is scaled to 0. Run "kubectl scale -n shop deployment/zero --replicas=2", wait for its pods, then retry.`,
	},
	{
		name: "the newest revision of the same Deployment is allowed once it is as large",
		from: selecting("version", "revisions", "revision", "1"), to: selecting("version", "revisions", "revision", "2"),
	},
}

var statefulSetRows = []row{
	{name: "a StatefulSet that is fully ready is allowed", to: to("db")},
	{
		name: "a StatefulSet that makes its pods one by one is denied", to: to("db-slow"),
		denied: "selector version blue → db-slow: StatefulSet db-slow is not fully ready (0/2 available): db-slow-0: " + failing +
			"; 1 of 2 pods exist, each is made once the one before it is ready. " + retryAfter("statefulset", "db-slow"),
	},
	{
		name: "a StatefulSet that makes its pods in parallel is denied", to: to("db-parallel"),
		denied: "selector version blue → db-parallel: StatefulSet db-parallel is not fully ready (0/2 available): db-parallel-0: " + failing +
			"; db-parallel-1: " + failing + ". " + retryAfter("statefulset", "db-parallel"),
	},
	{
		name: "a StatefulSet in the middle of a rollout is denied", to: to("db-rolling"),
		denied: "selector version blue → db-rolling: StatefulSet db-rolling is not fully ready (1/2 available): db-rolling-1: " + failing +
			"; it is in the middle of a rollout (1 of 2 pods updated). " + retryAfter("statefulset", "db-rolling"),
	},
	{name: "a StatefulSet that is rolled out to its partition is allowed", to: to("db-partition")},
	{
		name: "a StatefulSet that is updated by deletions and keeps older pods is warned of", to: to("db-on-delete"),
		warned: "selector version blue → db-on-delete: 0 of 2 pods of StatefulSet db-on-delete are of its newest revision, and with OnDelete the others stay as they are. " +
			"Delete the older pods first if the switch is meant for the newest revision.",
	},
	{
		name: "a StatefulSet that is scaled to 0 is denied", to: to("db-zero"),
		denied: `selector version blue → db-zero: statefulset/db-zero is scaled to 0. Run "kubectl scale -n shop statefulset/db-zero --replicas=2", wait for its pods, then retry.`,
	},
	{
		name: "a StatefulSet that is gone is denied", to: to("db-gone"),
		denied: "selector version blue → db-gone: StatefulSet db-gone is gone: its pods are being deleted. Select other pods, or make StatefulSet db-gone again.",
	},
	{name: "another pod of the same StatefulSet is allowed, whatever its rollout", from: podOf("db-5"), to: podOf("db-rolling-0")},
	{
		name: "a pod of a StatefulSet that is not ready is denied", from: podOf("db-5"), to: podOf("db-rolling-1"),
		denied: "selector statefulset.kubernetes.io/pod-name db-5 → db-rolling-1: StatefulSet db-rolling is not fully ready (0/1 available): db-rolling-1: " + failing +
			`. Retry when "kubectl wait -n shop pods -l statefulset.kubernetes.io/pod-name=db-rolling-1 --for=condition=Ready" succeeds.`,
	},
}

const argoWarning = "selector version argo → argo-slow: none of the pods that the new selector selects can serve: argo-slow-a: " + failing + "; argo-slow-b: " + failing +
	"; allowed, because Argo Rollouts manages this Service. Point the selector at pods that are ready."

var otherRows = []row{
	{name: "a ReplicaSet of its own that is ready is allowed", to: to("alone")},
	{
		name: "a ReplicaSet of its own that is not ready is denied", to: to("aloof"),
		denied: "selector version blue → aloof: ReplicaSet aloof is not fully ready (0/2 available): aloof-a: " + failing + "; aloof-b: " + failing +
			`. Retry when "kubectl wait -n shop replicaset/aloof --for=jsonpath={.status.availableReplicas}=2" succeeds.`,
	},
	{name: "a bare pod that is ready is allowed", from: to("small"), to: to("bare")},
	{
		name: "a bare pod that is not ready is denied", from: to("small"), to: to("bare-slow"),
		denied: "selector version small → bare-slow: none of the pods that the new selector selects can serve: bare-slow: " + failing + ". Point the selector at pods that are ready.",
	},
	{
		name: "a pod that terminates does not count", from: to("small"), to: to("bare-gone"),
		denied: "selector version small → bare-gone: none of the pods that the new selector selects can serve: bare-gone: terminating. Point the selector at pods that are ready.",
	},
	{
		name: "a Rollout that is ready is warned of, as only its pods are judged", to: to("argo"),
		warned: "selector version blue → argo: the readiness of Rollout hello is judged by its pods alone. Make sure that its rollout is complete.",
	},
	{name: "a person is only warned of a Service that Argo Rollouts manages", from: managed("argo"), to: to("argo-slow"), warned: argoWarning},
	{
		name: "the annotation of Argo Rollouts alone changes nothing", from: managed("blue"), to: to("slow"),
		denied: "selector version blue → slow: ReplicaSet slow-1 is not fully ready (0/2 available): slow-1-a: " + failing + "; slow-1-b: " + failing + ". " + retryAfter("deployment", "slow"),
	},
}
