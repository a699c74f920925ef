package cluster

import (
	"fmt"
	"strings"
)

// Names of the processes, of their programs, and of their logs without the ending ".log".
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
	Kwok              = "kwok"
)

// Names of certificates that are not named after a process.
const (
	adminClient        = "admin"
	etcdClient         = "etcd-client"
	serviceAccountKeys = "service-accounts"
)

func localURL(port int) string { return fmt.Sprintf("https://127.0.0.1:%d", port) }

func etcdArgs(l layout, port, peerPort int) []string {
	return []string{
		"--name=default",
		"--data-dir=" + l.etcd(),
		"--listen-client-urls=" + localURL(port),
		"--advertise-client-urls=" + localURL(port),
		"--listen-peer-urls=" + localURL(peerPort),
		"--initial-advertise-peer-urls=" + localURL(peerPort),
		"--initial-cluster=default=" + localURL(peerPort),
		"--client-cert-auth",
		"--trusted-ca-file=" + l.cert(authorityName),
		"--cert-file=" + l.cert(Etcd),
		"--key-file=" + l.key(Etcd),
		"--peer-client-cert-auth",
		"--peer-trusted-ca-file=" + l.cert(authorityName),
		"--peer-cert-file=" + l.cert(Etcd),
		"--peer-key-file=" + l.key(Etcd),
		// The data is not meant to survive a crash of the machine.
		"--unsafe-no-fsync",
		// More than what 50,000 pods leave behind until it is compacted.
		"--quota-backend-bytes=8589934592",
	}
}

func apiServerArgs(l layout, etcdPort, port int, withControllers bool) []string {
	args := []string{
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--tls-cert-file=" + l.cert(APIServer),
		"--tls-private-key-file=" + l.key(APIServer),
		"--client-ca-file=" + l.cert(authorityName),
		"--etcd-servers=" + localURL(etcdPort),
		"--etcd-cafile=" + l.cert(authorityName),
		"--etcd-certfile=" + l.cert(etcdClient),
		"--etcd-keyfile=" + l.key(etcdClient),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + l.key(serviceAccountKeys),
		"--service-account-signing-key-file=" + l.key(serviceAccountKeys),
		"--service-cluster-ip-range=10.96.0.0/16",
		// An endpoint may not be a loopback address, and nothing here reaches the API server by its Service.
		"--endpoint-reconciler-type=none",
		"--allow-privileged",
		"--audit-policy-file=" + l.auditPolicy(),
		"--audit-log-path=" + l.audit(),
	}
	if !withControllers {
		// Nobody makes the service accounts that this plugin insists on.
		args = append(args, "--disable-admission-plugins=ServiceAccount")
	}
	return args
}

// The controllers do what they do by default, only without the client-side limits that make a test wait.

func controllerManagerArgs(l layout) []string {
	return append(clientArgs(l, ControllerManager),
		"--use-service-account-credentials",
		"--service-account-private-key-file="+l.key(serviceAccountKeys),
		"--root-ca-file="+l.cert(authorityName),
	)
}

func schedulerArgs(l layout) []string { return clientArgs(l, Scheduler) }

func clientArgs(l layout, name string) []string {
	return []string{
		"--kubeconfig=" + l.kubeconfigOf(name),
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=500",
		"--kube-api-burst=1000",
	}
}

func kwokArgs(l layout) []string {
	return []string{
		"--kubeconfig=" + l.kubeconfigOf(Kwok),
		"--config=" + l.stages(),
		"--manage-all-nodes",
		"--cidr=10.244.0.0/16",
		"--node-ip=127.0.0.1",
	}
}

// credentials issues a certificate to everything that needs one.
func credentials(l layout) error {
	ca, err := newAuthority(l)
	if err != nil {
		return err
	}
	for _, c := range []struct{ name, user, groups string }{
		{Etcd, "etcd", ""},
		{etcdClient, "etcd-client", ""},
		{APIServer, "kube-apiserver", ""},
		{adminClient, "admin", "system:masters"},
		{ControllerManager, "system:kube-controller-manager", ""},
		{Scheduler, "system:kube-scheduler", ""},
		{Kwok, "kwok", "system:masters"},
	} {
		if err := ca.issue(c.name, c.user, strings.Fields(c.groups)...); err != nil {
			return err
		}
	}
	key, err := newKey()
	if err != nil {
		return err
	}
	return writeKey(l.key(serviceAccountKeys), key)
}
