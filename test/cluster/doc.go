// Package cluster starts and stops a real Kubernetes control plane on this machine, for suites and demos.
//
// It runs etcd and kube-apiserver, and with nodes also kube-controller-manager, kube-scheduler and kwok. All of them
// are built by Build from Go modules alone. kwok stands in for the kubelets: it moves nodes and pods through the
// stages in the folder stages, so what is not simulated is everything that decides (admission, controllers,
// scheduling), and what is simulated is only that containers run.
//
// Annotations on a pod, usually set in the template of its workload, say how its containers fare; see ReadyAnnotation
// and the constants beside it.
//
// Everything listens on 127.0.0.1 only, speaks TLS, and writes its log to the folder logs. The package needs Linux:
// it tells processes apart by /proc and ends them through pidfds.
package cluster
